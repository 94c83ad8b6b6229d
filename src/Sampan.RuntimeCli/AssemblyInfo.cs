using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.RuntimeCli.Tests")]
