namespace Sampan.Linux.Netfilter;

/// <summary>Where packets meet a base chain (linux/netfilter.h, NF_INET_).</summary>
public enum NftHook
{
    /// <summary>Before routing.</summary>
    Prerouting,

    /// <summary>On the way to a local socket.</summary>
    Input,

    /// <summary>On the way through.</summary>
    Forward,

    /// <summary>From a local socket.</summary>
    Output,

    /// <summary>After routing.</summary>
    Postrouting,
}
