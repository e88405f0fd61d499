"""What the pages need of the world, wired once."""

from adapters import wiring

known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
sessions, accounts = wiring.sessions(known), wiring.accounts(known)
lookups = wiring.lookups(known)
public_url = known.need("PUBLIC_URL")
is_local = known.need("STAGE") == "local"
