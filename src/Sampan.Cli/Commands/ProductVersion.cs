namespace Sampan.Cli.Commands;

/// <summary>What this build is.</summary>
internal static class ProductVersion
{
    /// <summary>The version, from Directory.Build.props. Read through the assembly's name: no custom attribute is looked up at start.</summary>
    public static string Text => typeof(ProductVersion).Assembly.GetName().Version is { } version ? version.ToString(3) : "0";
}
