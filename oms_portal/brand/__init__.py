"""The look and name of each site: one setting that pages, mails and papers take their tokens from."""
