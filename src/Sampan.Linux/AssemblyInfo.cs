using System.Runtime.CompilerServices;

// Blittable signatures only: a P/Invoke is then a plain call, which the cloned child depends on.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Sampan.Linux.Tests")]
[assembly: InternalsVisibleTo("Sampan.Runtime.Tests")]
