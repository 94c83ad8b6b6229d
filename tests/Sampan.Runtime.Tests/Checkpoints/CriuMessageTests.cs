using System.Diagnostics;
using Sampan.Linux;
using Sampan.Runtime.Checkpoints;

namespace Sampan.Runtime.Tests.Checkpoints;

/// <summary>criu's messages. What is sent is read by the Python bindings that come with criu, which are made of its rpc.proto.</summary>
public sealed class CriuMessageTests
{
    private const string Bindings = "/usr/lib/python3/dist-packages/pycriu/rpc_pb2.py";
    private const string Reader = """
        import sys, importlib.util
        spec = importlib.util.spec_from_file_location("rpc", sys.argv[1])
        rpc = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(rpc)
        request = rpc.criu_req()
        request.ParseFromString(sys.stdin.buffer.read())
        print(request)
        print("whole:", request.IsInitialized())
        """;

    private static readonly CriuRequest Everything = new(CriuRequestType.Restore)
    {
        NotifySuccess = true,
        Features = new(MemoryTracking: true, LazyPages: true),
        Options = new()
        {
            ImagesDirectory = 4,
            WorkDirectory = 5,
            LogFile = "restore.log",
            Pid = 4711,
            Root = "/root",
            LeaveRunning = true,
            ExternalUnixSockets = true,
            TcpEstablished = true,
            EvasiveDevices = true,
            ShellJob = true,
            FileLocks = true,
            PageServer = ("127.0.0.1", 99),
            ParentImage = "../before",
            TrackMemory = true,
            AutoDedup = true,
            CgroupMode = CriuCgroupMode.Strict,
            CgroupRoots = [("cpu", "/a"), ("", "/b")],
            RestoreSibling = true,
            InheritedDescriptors = [("pipe:[1]", 6)],
            ExternalMounts = [("/in", "/out")],
            External = ["net[1]:extRootNetNS"],
            EmptyNamespaces = 0x4000_0000,
            JoinedNamespaces = [("ipc", "/proc/1/ns/ipc")],
            FreezeCgroup = "/sys/fs/cgroup/c",
            LazyPages = true,
            ConfigurationFile = "/etc/criu/runc.conf",
            LsmProfile = "selinux:x",
            LsmMountContext = "y",
        },
    };

    [Fact]
    public void CriusOwnBindingsReadWhatIsSent()
    {
        Assert.SkipUnless(File.Exists(Bindings), $"{Bindings} is of the package criu");
        var text = Decode(Everything.ToArray());
        foreach (var line in (string[])[
            "type: RESTORE", "images_dir_fd: 4", "work_dir_fd: 5", "log_file: \"restore.log\"", "log_level: 4", "pid: 4711", "root: \"/root\"", "leave_running: true",
            "ext_unix_sk: true", "tcp_established: true", "evasive_devices: true", "shell_job: true", "file_locks: true", "port: 99", "parent_img: \"../before\"",
            "track_mem: true", "auto_dedup: true", "manage_cgroups: true", "manage_cgroups_mode: STRICT", "ctrl: \"cpu\"", "path: \"/b\"", "rst_sibling: true",
            "key: \"pipe:[1]\"", "fd: 6", "val: \"/out\"", "external: \"net[1]:extRootNetNS\"", "empty_ns: 1073741824", "ns_file: \"/proc/1/ns/ipc\"",
            "freeze_cgroup: \"/sys/fs/cgroup/c\"", "lazy_pages: true", "orphan_pts_master: true", "config_file: \"/etc/criu/runc.conf\"",
            "lsm_profile: \"selinux:x\"", "lsm_mount_context: \"y\"", "notify_success: true", "mem_track: true", "whole: True"])
        {
            text.ShouldContain(line);
        }

        // A field that the schema does not know is shown by its number alone.
        text.Split('\n').ShouldAllBe(line => line.Length == 0 || !char.IsAsciiDigit(line.TrimStart()[0]));
    }

    [Fact]
    public void WhatIsFalseOrAbsentIsNotSent() =>
        new CriuRequest(CriuRequestType.Notify) { NotifySuccess = false }.ToArray().ShouldBe([0x08, 0x06, 0x18, 0x00]);

    [Fact]
    public void AnAnswerThatFailed()
    {
        // type DUMP, success false, dump { restored: false }, cr_errno 52, cr_errmsg "no".
        var response = CriuResponse.Parse([0x08, 0x01, 0x10, 0x00, 0x1a, 0x02, 0x08, 0x00, 0x38, 0x34, 0x4a, 0x02, .. "no"u8]);
        response.ShouldBe(new CriuResponse(CriuRequestType.Dump, false) { Errno = 52, Message = "no" });
    }

    [Fact]
    public void ANotificationAndARestoredProcess()
    {
        CriuResponse.Parse([0x08, 0x06, 0x10, 0x01, 0x2a, 0x0f, 0x0a, 0x0b, .. "post-resume"u8, 0x10, 0x2a])
            .ShouldBe(new CriuResponse(CriuRequestType.Notify, true) { Script = "post-resume", Pid = 42 });
        CriuResponse.Parse([0x08, 0x02, 0x10, 0x01, 0x22, 0x02, 0x08, 0x2b]).ShouldBe(new CriuResponse(CriuRequestType.Restore, true) { Pid = 43 });
    }

    [Fact]
    public void FeaturesThatAreThere() =>
        CriuResponse.Parse([0x08, 0x09, 0x10, 0x01, 0x42, 0x04, 0x08, 0x01, 0x10, 0x00]).Features.ShouldBe(new CriuFeatures(true, false));

    [Fact]
    public void ADamagedAnswer() => Should.Throw<SampanException>(static () => CriuResponse.Parse([0x08, 0x01, 0x2a, 0x20, 0x0a])).Kind.ShouldBe(ErrorKind.Internal);

    private static string Decode(byte[] message)
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Reader, Bindings])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        python.StandardInput.BaseStream.Write(message);
        python.StandardInput.Close();
        var text = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        python.ExitCode.ShouldBe(0);
        return text;
    }
}
