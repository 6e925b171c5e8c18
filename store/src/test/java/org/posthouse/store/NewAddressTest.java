package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;
import org.posthouse.store.MessageStore.LocalMail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The first mails of an address: whoever made its folders, and whenever that was, mail in them
 * counts as stored only when a power cut takes neither.
 */
class NewAddressTest {
    private static final Path ROOT = Path.of("/data/mail");
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";
    private static final long SEEDS = 8;

    /** Three mails for each of four addresses. */
    private static List<LocalMail> crowd() {
        List<LocalMail> mails = new ArrayList<>();
        for (int message = 1; message <= 12; message++) {
            String domain = message % 2 == 0 ? "shop.example" : "x.example";
            mails.add(mail(new Mailbox("user" + message % 4, domain), message));
        }
        return mails;
    }

    private static LocalMail mail(Mailbox recipient, long message) {
        return Mails.to(recipient, message, TextContent.of(TEXT));
    }

    private static LocalMail ada(long message) {
        return mail(new Mailbox("ada", "shop.example"), message);
    }

    /** How often this mail is in the Maildir. */
    private static int count(Disk disk, Maildir maildir, LocalMail mail) throws IOException {
        Path folder = maildir.folder(mail.recipient()).resolve("new");
        String name = "Q" + mail.delivery().message() + "N";
        return disk.exists(folder)
                ? (int) disk.list(folder).stream().filter(each -> each.contains(name)).count()
                : 0;
    }

    /** One thread is still waiting for a force of its own, whichever, when the power goes. */
    @Test
    void manyThreadsStoreFirstMailsAndOneIsSlow() throws IOException {
        int slowForces = 20; // there are fewer
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (int forced = 0; forced < slowForces; forced++) {
                var sim = new SimPlatform(seed);
                var maildir = Maildir.at(sim.disk(), ROOT);
                List<LocalMail> stored = new ArrayList<>();
                Duration before = Duration.ofMillis(forced).plusNanos(1);
                sim.run(
                        () -> {
                            sim.disk().forceTakes(Duration.ofMillis(1));
                            start(sim, maildir, crowd().getFirst(), stored);
                            sim.advance(before);
                            sim.disk().forceTakes(Duration.ZERO);
                            for (LocalMail mail : crowd().subList(1, 12)) {
                                start(sim, maildir, mail, stored);
                            }
                        });
                assertThat(stored).hasSizeGreaterThanOrEqualTo(9); // of the other addresses
                verify(sim.restart(SimLoss.POWER_KEEPS_NOTHING), maildir, stored);
            }
        }
    }

    @Test
    void manyThreadsStoreFirstMailsUntilThePowerGoes() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            boolean crashed = true;
            for (int change = 1; crashed; change += 3) {
                crashed = powerCutInACrowd(seed, change);
            }
        }
    }

    private static boolean powerCutInACrowd(long seed, int change) throws IOException {
        var sim = new SimPlatform(seed);
        var maildir = Maildir.at(sim.disk(), ROOT);
        List<LocalMail> stored = new ArrayList<>();
        sim.disk().crashAt(change);
        boolean crashed = false;
        try {
            sim.run(() -> crowd().forEach(mail -> start(sim, maildir, mail, stored)));
            assertThat(stored).hasSize(12);
        } catch (SimCrash e) {
            crashed = true;
        }
        verify(sim.restart(SimLoss.POWER_KEEPS_NOTHING), maildir, stored);
        return crashed;
    }

    private static void start(
            SimPlatform sim, MessageStore store, LocalMail mail, List<LocalMail> stored) {
        sim.threads()
                .start(
                        "store",
                        () -> {
                            if (store.store(mail).equals(Outcomes.STORED)) {
                                stored.add(mail);
                            }
                        });
    }

    private static void verify(SimPlatform after, Maildir maildir, List<LocalMail> stored)
            throws IOException {
        for (LocalMail mail : stored) {
            assertThat(count(after.disk(), maildir, mail)).as("%s", mail).isEqualTo(1);
        }
    }

    /** Stores a mail, dies in it; tells whether it did. */
    private static boolean dies(SimPlatform sim, int change, MessageStore store) {
        sim.disk().crashAt(change);
        try {
            sim.run(() -> assertThat(store.store(ada(1))).isEqualTo(Outcomes.STORED));
            return false;
        } catch (SimCrash e) {
            return true;
        }
    }

    @Test
    void aProcessMadeTheFoldersAndWasKilled() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            boolean died = true;
            for (int change = 1; died; change++) {
                var sim = new SimPlatform(seed);
                died = dies(sim, change, Maildir.at(sim.disk(), ROOT));
                SimPlatform next = sim.restart(SimLoss.PROCESS);
                var maildir = Maildir.at(next.disk(), ROOT);
                next.run(() -> assertThat(maildir.store(ada(2))).isEqualTo(Outcomes.STORED));
                assertThat(count(next.restart(SimLoss.POWER_KEEPS_NOTHING).disk(), maildir, ada(2)))
                        .as("seed %d, change %d", seed, change)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aProcessMadeTheMboxFileAndWasKilled() {
        Path file = ROOT.resolve("all.mbox");
        for (long seed = 1; seed <= SEEDS; seed++) {
            boolean died = true;
            for (int change = 1; died; change++) {
                var sim = new SimPlatform(seed);
                died = dies(sim, change, Mbox.at(sim.disk(), file));
                SimPlatform next = sim.restart(SimLoss.PROCESS);
                var mbox = Mbox.at(next.disk(), file);
                next.run(() -> assertThat(mbox.store(ada(2))).isEqualTo(Outcomes.STORED));
                assertThat(next.restart(SimLoss.POWER_KEEPS_NOTHING).disk().exists(file))
                        .as("seed %d, change %d", seed, change)
                        .isTrue();
            }
        }
    }

    @Test
    void manyThreadsStoreFirstMailsOnARealDisk(@TempDir Path root) throws Exception {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            for (int round = 0; round < 10; round++) {
                var maildir = Maildir.at(platform.disk(), root.resolve("mail" + round));
                Set<Outcome> outcomes = ConcurrentHashMap.newKeySet();
                List<Threads.Task> tasks = new ArrayList<>();
                for (LocalMail mail : crowd()) {
                    tasks.add(
                            platform.threads()
                                    .start("store", () -> outcomes.add(maildir.store(mail))));
                }
                for (Threads.Task task : tasks) {
                    assertThat(task.join(Deadline.NEVER)).isTrue();
                }
                assertThat(outcomes).containsExactly(Outcomes.STORED);
                for (LocalMail mail : crowd()) {
                    assertThat(count(platform.disk(), maildir, mail)).isEqualTo(1);
                }
            }
        }
    }
}
