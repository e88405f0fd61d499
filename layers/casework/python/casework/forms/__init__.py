"""Papers an office hands out: receipts, requests, apologies, control sheets, decisions. What stands on them, never how
it looks: `sheet` is the shape, `catalogue` the forms as data, `one_stop` and `decision` fill them in.
"""
