using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Cli.Tests")]
[assembly: InternalsVisibleTo("sampan-registry")]
