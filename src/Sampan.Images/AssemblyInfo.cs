using System.Runtime.CompilerServices;

// Blittable signatures only, as libzstd's are.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Sampan.Images.Tests")]
