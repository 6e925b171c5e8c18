package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code check} finds on this machine: certificates that end, room, and ports. */
final class MachineCheck {
    static final String CERTIFICATE_ENDS = "PH-T020";
    static final String LITTLE_ROOM = "PH-S056";
    static final String PORT_TAKEN = "PH-S002";

    private static final Duration ENDS_SOON = Duration.ofDays(14);
    private static final long ROOM_OCTETS_MIN = 1_000_000_000;

    private final Platform platform;
    private final Configuration.Good configuration;
    private final List<Finding> findings = new ArrayList<>();

    MachineCheck(Platform platform, Configuration.Good configuration) {
        this.platform = platform;
        this.configuration = configuration;
    }

    /**
     * Something that was looked at.
     *
     * @param code of what is wrong; empty: it is fine
     */
    record Finding(String label, String text, String code) {
        boolean isFine() {
            return code.isEmpty();
        }

        /** Nothing would start. */
        boolean isFatal() {
            return code.equals(PORT_TAKEN);
        }
    }

    List<Finding> find() {
        configuration.certificates().forEach(this::certificate);
        room();
        ports();
        return List.copyOf(findings);
    }

    private void certificate(Path chain) {
        try {
            var parsed =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Files.readAllBytes(chain)));
            if (parsed instanceof X509Certificate own) {
                certificate(chain, own.getNotAfter().toInstant());
            }
        } catch (IOException | CertificateException e) {
            add("certificate", chain + " can't be read: " + e.getMessage(), "PH-T002");
        }
    }

    private void certificate(Path chain, Instant end) {
        Duration left = Duration.between(platform.time().now(), end);
        String code = left.compareTo(ENDS_SOON) < 0 ? CERTIFICATE_ENDS : "";
        String when =
                left.isNegative()
                        ? "ended on " + end
                        : "ends in " + Figures.count(left.toDays(), "day", "days");
        add("certificate", chain.getFileName() + " " + when, code);
    }

    /** Of the nearest folder that is there. */
    private void room() {
        Path folder = configuration.data().toAbsolutePath();
        while (folder.getParent() != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        try {
            long octets = platform.disk().usableOctets(folder);
            String code = octets < ROOM_OCTETS_MIN ? LITTLE_ROOM : "";
            String text = configuration.data() + ", " + Figures.octets(octets) + " free";
            add("data", text, code);
        } catch (IOException e) {
            add("data", configuration.data() + ": " + e.getMessage(), "PH-S012");
        }
    }

    private void ports() {
        boolean isOurs = isRunning();
        var fine = new ArrayList<String>();
        for (Map.Entry<String, InetSocketAddress> each : configuration.ports().entrySet()) {
            String place = Daemon.place(each.getValue());
            try (Network.Listening free = platform.network().listen(each.getValue(), 1)) {
                fine.add(place + (free.isClosed() ? "" : " free"));
            } catch (IOException e) {
                if (isOurs) {
                    fine.add(place + " ours");
                } else {
                    add("ports", String.valueOf(e.getMessage()), PORT_TAKEN);
                }
            }
        }
        if (!fine.isEmpty()) {
            add("ports", String.join(", ", fine), "");
        }
    }

    private boolean isRunning() {
        try (ControlClient daemon = ControlClient.connect(configuration.data())) {
            return ControlCommand.isOk(
                    daemon.ask("status", json -> {}, ControlCommand.ANSWER_WITHIN, line -> {}));
        } catch (IOException e) {
            return false;
        }
    }

    private void add(String label, String text, String code) {
        findings.add(new Finding(label, text, code));
    }
}
