"""Public signals for hosts, sent after the commit. Nothing inside the portal listens to them."""

from django.dispatch import Signal


# order_changed(sender=Order, order=…, version=int): the read model of an order moved.
order_changed = Signal()

# change_moved(sender=ChangeRequest, request=…, before=str, state=str): a request came to another
# state.
change_moved = Signal()

# return_moved(sender=Return, rma=…, before=str, state=str): a return came to another state, or more
# was said of it.
return_moved = Signal()
