package org.posthouse.daemon;

import org.posthouse.core.MailEvent;
import org.posthouse.daemon.SandboxInbox.Bounds;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A sandbox in this process, and a client of it that speaks line by line. */
final class SandboxRun implements AutoCloseable {
    private static final int MILLIS = 30_000;

    final Path data;
    final Sandbox sandbox;
    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
    final BlockingQueue<MailEvent> events = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Log log = Log.to(said);

    SandboxRun(Path data, Bounds bounds, UnaryOperator<Platform> real) throws IOException {
        this.data = data;
        var around =
                new Sandbox.Around(
                        real.apply(platform), Stop.onRequest(() -> {}), log, events::add);
        SandboxFolder folder = SandboxFolder.open(Optional.of(data));
        sandbox = Sandbox.start(new Sandbox.Setup(folder.path(), 0, bounds), around);
    }

    SandboxRun(Path data) throws IOException {
        this(data, Bounds.DEFAULT, platform -> platform);
    }

    /** One conversation, greeted already. */
    final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client() throws IOException {
            socket = new Socket(sandbox.address().getAddress(), sandbox.address().getPort());
            socket.setSoTimeout(MILLIS);
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            reply();
            say("EHLO client.example");
        }

        /** The last line of the reply; empty when the connection has ended. */
        String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return reply();
        }

        /** A recipient in a transaction of its own. */
        String recipient(String address) throws IOException {
            say("RSET");
            say("MAIL FROM:<app@shop.example>");
            return say("RCPT TO:<" + address + ">");
        }

        /** The end of it, too. */
        String send(String address, String subject) throws IOException {
            recipient(address);
            say("DATA");
            return say("Subject: " + subject + "\r\n\r\ntext\r\n.");
        }

        Socket socket() {
            return socket;
        }

        private String reply() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            return line == null ? "" : line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    Client client() throws IOException {
        return new Client();
    }

    /** Waits until so many more messages were taken, and the inbox has heard of them. */
    void awaitReceived(int count) throws InterruptedException {
        int left = count;
        while (left > 0) {
            left -= events.take() instanceof MailEvent.Received ? 1 : 0;
        }
    }

    /** Waits until so many more recipients were tried in vain. */
    void awaitDeferred(int count) throws InterruptedException {
        int left = count;
        while (left > 0) {
            left -= events.take() instanceof MailEvent.Deferred ? 1 : 0;
        }
    }

    CommandRun run(String... words) {
        Object[] all = new Object[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--data";
        all[words.length + 1] = data;
        return CommandRun.of(all);
    }

    /** Ends it, and gives what it has told. */
    String end() {
        sandbox.close();
        log.close();
        return said.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        end();
        platform.close();
    }
}
