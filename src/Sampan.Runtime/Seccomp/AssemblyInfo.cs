[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Sampan.Runtime.Tests")]
