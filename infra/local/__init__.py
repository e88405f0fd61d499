"""The local run: the deployed template whole on one machine, for demonstration, tests and integrators' trials."""
