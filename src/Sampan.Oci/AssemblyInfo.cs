using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Oci.Tests")]
