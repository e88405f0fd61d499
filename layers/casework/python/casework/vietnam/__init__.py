"""How Vietnam writes: names, dates, money, identifiers, addresses, syllables, working days.

Plain functions over text; no paper, no rule and no procedure is known here.
"""
