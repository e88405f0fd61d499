"""What the pages need of the world, wired once."""

import functools
import time

from adapters import wiring

known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
sessions, accounts = wiring.sessions(known), wiring.accounts(known)
lookups, circuits = wiring.lookups(known), wiring.circuits(known)
second_look = wiring.second_look(known)
dead_letters = functools.cache(lambda: wiring.dead_letters(known))
limits = functools.cache(lambda: wiring.limits(known))
true_time = time.time  # circuits know no other, whatever day the system pretends it is
public_url = known.need("PUBLIC_URL")
is_local = known.need("STAGE") == "local"
