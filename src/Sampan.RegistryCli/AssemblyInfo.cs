using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sampan.RegistryCli.Tests")]
