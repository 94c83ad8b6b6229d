namespace Sampan.Images.Receiving;

/// <summary>How far a layer of an image is that is being received; docker prints a line for each.</summary>
public enum LayerStage
{
    /// <summary>The store has it: "Already exists".</summary>
    Existed,

    /// <summary>It is needed: "Pulling fs layer".</summary>
    Needed,

    /// <summary>Another process is fetching it, or as many as may come at once do: "Waiting".</summary>
    Waiting,

    /// <summary>It comes, and is unpacked while it does: "Downloading".</summary>
    Coming,

    /// <summary>All of it has come, and its digest is right: "Download complete".</summary>
    Arrived,

    /// <summary>The store has it now: "Pull complete".</summary>
    Complete,
}
