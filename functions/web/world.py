"""What the pages need of the world, wired once."""

from adapters import wiring

known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
sessions, accounts = wiring.sessions(known), wiring.accounts(known)
lookups, circuits = wiring.lookups(known), wiring.circuits(known)
second_look = wiring.second_look(known)
public_url = known.need("PUBLIC_URL")
is_local = known.need("STAGE") == "local"
