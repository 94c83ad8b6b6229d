using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Cli.Tests")]
