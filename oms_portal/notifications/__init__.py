"""What people are told outside of pages. In: rows that features write in the transaction of what
they tell. Out: e-mails, each sent once by the worker, and alerts that staff take up and finish."""
