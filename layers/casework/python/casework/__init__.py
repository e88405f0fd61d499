"""The domain of Một Cửa, in plain Python: no I/O, no AWS, no clock. The vocabulary on one page:

dossier      one application of one applicant for one procedure (`dossier.Dossier`, its states, its audit chain)
document     one paper of a dossier; it has uploads (files sent) and pages (`document`, `dossier.Document`)
reading      what was read of a document: type, fields with evidence, tables (`document.Reading`, `reading/`)
field        a value read from a paper, with page, box, confidence and doubts (`document.Field`)
fact         a value the law looks at, whoever gives it: a paper, a registry, the applicant, an officer (`finding.Fact`)
doubt        why a fact must not decide anything by itself; a rule on it is unknown
situation    all facts of a dossier brought together, person by person (`situation`)
procedure    one service in one version of the law (`rules.Procedure`, `rulebook/procedures`)
rule         one sentence of law with its condition; finding: its verdict with reason and counterfactual (`checks`)
verdict      all findings of a dossier, its rows, its route and the money due (`finding.Verdict`)
route        what the machine recommends: fast_lane, review, ask, partial, refusal_proposed
row          one person of a list
round        one way through checking; a supplement starts the next
stage        an office's part of a round, with its legal deadline; task: a stage waiting for an officer (`review.Task`)
request      one thing the applicant is asked for (`dossier.Request`)
registry     who confirms what a paper says (`registry`)
change       one transaction: dossier before and after, audit entry, records, effects (`dossier.Change`)
effect       what leaves afterwards, through the outbox alone
problem      what a person is told when something cannot be taken or done (`errors.problem`, `rulebook/problems.toml`)
"""
