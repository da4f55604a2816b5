"""`make bench`: what the main requests cost, in figures that hold on any machine.

Three processes take part and only one of them is measured: this one asks, `bench.server` is the local stage with a
line to the bench, and DynamoDB Local stands beside that. CPU is counted in *units*: what one strongly consistent
GetItem of a profile costs the server's process, measured between the requests of the same run.
"""
