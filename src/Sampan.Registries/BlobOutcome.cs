namespace Sampan.Registries;

/// <summary>How a blob came to be in a repository; docker prints a line for each.</summary>
public enum BlobOutcome
{
    /// <summary>It was there: "Layer already exists".</summary>
    Existed,

    /// <summary>The registry took it over from another of its repositories: "Mounted from NAME".</summary>
    Mounted,

    /// <summary>It was sent: "Pushed".</summary>
    Pushed,

    /// <summary>It is one that is not for distribution: "Skipped foreign layer".</summary>
    Skipped,
}
