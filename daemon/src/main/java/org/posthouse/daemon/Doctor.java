package org.posthouse.daemon;

import org.posthouse.daemon.MachineCheck.Finding;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;
import org.posthouse.relay.Probe;
import org.posthouse.relay.Probe.End;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what a server needs around it: disk, open files, the way out, the DNS. */
final class Doctor {
    static final String SLOW_DISK = "PH-S066";
    static final String FEW_FILES = "PH-S067";
    static final String NO_WAY_OUT = "PH-N012";
    private static final String NO_DISK = "PH-S012";

    /** Every message waits for one: with more, few come in a second. */
    static final Duration FORCE_MAX = Duration.ofMillis(50);

    /** For connections both ways, segments and what the JVM has open. */
    static final long FILES_MIN = 4096;

    private static final int FORCES = 5;
    private static final int BLOCK_OCTETS = 4096;
    private static final Pattern FILES =
            Pattern.compile("(?m)^Max open files +([0-9]+|unlimited) ");

    private final Platform platform;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Platform platform) {
        this.platform = platform;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** How long the disk takes to have a block for certain: the middle one of five. */
    void disk(Path data) {
        Path folder = data.toAbsolutePath();
        while (folder.getParent() != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        Path file = folder.resolve(".posthouse-doctor-" + ProcessHandle.current().pid());
        try {
            Duration took = forced(file);
            String text =
                    "a forced write takes %.1f ms in %s".formatted(took.toNanos() / 1e6, folder);
            add("disk", text, took.compareTo(FORCE_MAX) > 0 ? SLOW_DISK : "");
        } catch (IOException e) {
            add("disk", folder + " can't be written: " + e.getMessage(), NO_DISK);
        }
    }

    private Duration forced(Path file) throws IOException {
        var took = new ArrayList<Long>();
        try (DiskFile to = platform.disk().create(file)) {
            for (int i = 0; i < FORCES; i++) {
                long begun = platform.time().nanos();
                to.write(ByteBuffer.allocate(BLOCK_OCTETS), (long) i * BLOCK_OCTETS);
                to.force();
                took.add(platform.time().nanos() - begun);
            }
        } finally {
            platform.disk().delete(file);
        }
        return Duration.ofNanos(took.stream().sorted().toList().get(FORCES / 2));
    }

    /**
     * How many files may be open.
     *
     * @param limits as Linux shows them of a process; empty: not known
     */
    void openFiles(String limits, String whose) {
        OptionalLong most = most(limits);
        if (most.isEmpty()) {
            return;
        }
        boolean isEnough = most.getAsLong() >= FILES_MIN;
        String number =
                most.getAsLong() == Long.MAX_VALUE
                        ? "any number of"
                        : Figures.count(most.getAsLong());
        add("open files", whose + " may have " + number + " open", isEnough ? "" : FEW_FILES);
    }

    static OptionalLong most(String limits) {
        Matcher found = FILES.matcher(limits);
        if (!found.find()) {
            return OptionalLong.empty();
        }
        String number = found.group(1);
        return OptionalLong.of(
                number.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(number));
    }

    /** Whether any host of a well-known domain could be connected to. */
    void wayOut(String domain, Probe.Result result) {
        switch (result) {
            case Probe.Result.Nowhere nowhere ->
                    add(
                            "way out",
                            domain + ": " + String.join(" ", nowhere.reply().lines()),
                            DnsFinding.NOT_KNOWN);
            case Probe.Result.Walked walked -> {
                boolean isOpen =
                        walked.tried().stream()
                                .anyMatch(
                                        each ->
                                                each.end() instanceof End.Ready
                                                        || each.end() instanceof End.Failed);
                int port = walked.tried().getFirst().address().getPort();
                String text =
                        isOpen
                                ? "hosts of " + domain + " answer on port " + port
                                : "no host of " + domain + " can be reached on port " + port;
                add("way out", text, isOpen ? "" : NO_WAY_OUT);
            }
        }
    }

    /** One line when all records are fine, else one each. */
    void dns(List<DnsFinding> records) {
        List<DnsFinding> wrong =
                records.stream().filter(each -> each.state() != DnsFinding.State.OK).toList();
        if (wrong.isEmpty()) {
            add("dns", Figures.count(records.size(), "record is", "records are") + " right", "");
        }
        for (DnsFinding each : wrong) {
            String found = each.found().isEmpty() ? "" : ": " + each.found();
            String publish = each.publish().isEmpty() ? "" : "; publish " + each.publish();
            String text = each.type() + " " + each.name() + " is " + each.state().word();
            add("dns", text + found + publish, each.code());
        }
    }

    /** What to do about it, in a few words. */
    static String next(String code) {
        return switch (code) {
            case MachineCheck.CERTIFICATE_ENDS -> "renew the certificate";
            case MachineCheck.LITTLE_ROOM -> "make room, or move the data";
            case MachineCheck.PORT_TAKEN -> "stop who has the port, or take another one";
            case SLOW_DISK -> "put the data on a faster disk";
            case FEW_FILES -> "raise the limit (LimitNOFILE of systemd, ulimit -n)";
            case NO_WAY_OUT -> "ask who runs the network to open it, or use a smarthost";
            case DnsFinding.NOT_KNOWN -> "ask again, or look at the servers of [dns]";
            case DnsFinding.WRONG -> "publish the record";
            case ClockCheck.WRONG -> "let a time service set the clock (chrony, timesyncd)";
            case NO_DISK -> "let the server's user write there";
            default -> "see the page";
        };
    }

    private void add(String label, String text, String code) {
        findings.add(new Finding(label, text, code));
    }
}
