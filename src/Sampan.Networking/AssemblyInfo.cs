using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Networking.Tests")]
