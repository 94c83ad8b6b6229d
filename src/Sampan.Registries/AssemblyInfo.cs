using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Registries.Tests")]
