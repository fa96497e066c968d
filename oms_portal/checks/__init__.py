"""System checks: what a host must have for the portal to hold its promises."""

TAG = "oms_portal"
