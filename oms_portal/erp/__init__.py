"""The one door to the ERP: signed events come in and are stored, deduped and handed on."""
