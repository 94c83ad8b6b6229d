// A process that another test starts holds every flock of this one from fork to exec: locks would seem held that are not.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
