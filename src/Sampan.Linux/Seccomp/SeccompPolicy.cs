namespace Sampan.Linux.Seccomp;

/// <summary>A filter before it is compiled.</summary>
/// <param name="DefaultAction">For calls no rule matches, from <see cref="SeccompAction"/>.</param>
/// <param name="Architectures">From <see cref="SeccompArchitecture"/>; the machine's own is always among them
/// (as with runc and crun); a call of another kills the process.</param>
/// <param name="Rules">Rules. Where several match, the strictest answer wins (seccomp_rule_add(3)).</param>
public sealed record SeccompPolicy(uint DefaultAction, IReadOnlyList<uint> Architectures, IReadOnlyList<SeccompRule> Rules);

/// <summary>One rule.</summary>
/// <param name="Names">System calls by name. Names that are not known here are passed over, as docker does.</param>
/// <param name="Action">What is answered.</param>
/// <param name="Arguments">All must hold; where two compare the same argument, each is a rule of its own (as runc reads profiles).</param>
public sealed record SeccompRule(IReadOnlyList<string> Names, uint Action, IReadOnlyList<SeccompArgument> Arguments);

/// <summary>One comparison.</summary>
/// <param name="Index">Argument, 0 to 5.</param>
/// <param name="Operator">How.</param>
/// <param name="Value">With what; the mask for <see cref="SeccompOperator.MaskedEqual"/>.</param>
/// <param name="MaskedValue">What is left after masking.</param>
public readonly record struct SeccompArgument(uint Index, SeccompOperator Operator, ulong Value, ulong MaskedValue = 0);
