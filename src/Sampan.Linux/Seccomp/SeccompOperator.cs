namespace Sampan.Linux.Seccomp;

/// <summary>How an argument is compared; values are libseccomp's enum scmp_compare.</summary>
public enum SeccompOperator
{
    /// <summary>Not equal.</summary>
    NotEqual = 1,

    /// <summary>Less.</summary>
    Less = 2,

    /// <summary>Less or equal.</summary>
    LessOrEqual = 3,

    /// <summary>Equal.</summary>
    Equal = 4,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual = 5,

    /// <summary>Greater.</summary>
    Greater = 6,

    /// <summary>Equal after masking.</summary>
    MaskedEqual = 7,
}
