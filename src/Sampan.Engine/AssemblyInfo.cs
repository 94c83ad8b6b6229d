using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.Engine.Tests")]
