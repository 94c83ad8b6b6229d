namespace Sampan.Linux.Dbus;

/// <summary>Kinds of messages (D-Bus Specification, "Message Types").</summary>
public enum DbusMessageType : byte
{
    /// <summary>None: never sent.</summary>
    Invalid = 0,

    /// <summary>Asks an object for something.</summary>
    Call = 1,

    /// <summary>Answers a call.</summary>
    Reply = 2,

    /// <summary>Refuses a call.</summary>
    Error = 3,

    /// <summary>Tells whoever listens.</summary>
    Signal = 4,
}
