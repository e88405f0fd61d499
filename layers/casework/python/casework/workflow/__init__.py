"""The verbs of the house: what applicants, officers and the machines can make happen.

filing     an applicant's way: draft, papers, corrections, submission, withdrawal
admission  what may be filed, and what is told to whom it may not
reading    an upload becomes words, fields and a recorded reading
checking   registries are consulted, the law is applied, the route is chosen
reviewing  an officer's way: the queue, claims, decisions
outcomes   what an officer decided is carried out: the next stage, a question, payments, the notice
relaying   effects leave, failures are parked, what stands still is found

Each verb loads a dossier, decides purely, and commits one change; what it needs of the world comes as arguments
(casework.ports). A verb that finds its work done already does nothing: every one of them may be called twice.
"""
