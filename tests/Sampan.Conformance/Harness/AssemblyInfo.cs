// Every test is mostly a wait for the runtime; two at a time keep two processors busy and disturb no other user of the machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
