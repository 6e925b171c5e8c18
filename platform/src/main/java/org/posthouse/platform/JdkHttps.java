package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

/**
 * HTTP/1.1 (RFC 9112) over connections of our own, one for each fetch. The JDK's client looks names
 * up by itself and so goes wherever the owner of a name likes; this one goes where it is told.
 */
final class JdkHttps implements Https {
    private static final int PORT = 443;
    private static final int CAUSES_MAX = 10;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,255}");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,1000}");

    private final Network network;
    private final TimeSource time;
    private final int port;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; costly, so that it is made at the first fetch. */
    private @Nullable SSLContext trust;

    JdkHttps(Network network, TimeSource time) {
        this(network, time, Optional.empty(), PORT);
    }

    /** For tests: with authorities and a port of their own. */
    JdkHttps(Network network, TimeSource time, Optional<SSLContext> trust, int port) {
        this.network = network;
        this.time = time;
        this.trust = trust.orElse(null);
        this.port = port;
    }

    @Override
    public Fetched get(String host, List<InetAddress> addresses, String path, Limits limits) {
        if (!HOST.matcher(host).matches() || !PATH.matcher(path).matches()) {
            return failed("not a host and a path: " + host + " " + path);
        }
        try (Connection connection = secured(host, addresses, limits.deadline())) {
            byte[] request = request(host, path).getBytes(StandardCharsets.US_ASCII);
            connection.write(request, 0, request.length, limits.deadline());
            return new HttpAnswer(connection, limits).read();
        } catch (DeadlineExceeded e) {
            return failed("no answer in time");
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            return new Fetched.Failed(isByCertificate(e), clean(why));
        }
    }

    private String request(String host, String path) {
        String authority = port == PORT ? host : host + ":" + port;
        return "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Posthouse\r\nConnection: close\r\n\r\n"
                .formatted(path, authority);
    }

    private Connection secured(String host, List<InetAddress> addresses, Deadline deadline)
            throws IOException {
        var settings = new TlsSettings.Client(trust(), host, true);
        return connect(addresses, deadline).secure(settings, deadline);
    }

    /** To the first that answers; each has its part of the time that is left. */
    private Connection connect(List<InetAddress> addresses, Deadline deadline) throws IOException {
        IOException last = new IOException("the host has no address");
        for (int i = 0; i < addresses.size() && !Thread.currentThread().isInterrupted(); i++) {
            long now = time.nanos();
            long part = (deadline.nanos() - now) / (addresses.size() - i);
            try {
                return network.connect(
                        new InetSocketAddress(addresses.get(i), port),
                        Network.ANY_SOURCE,
                        new Deadline(now + part));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private SSLContext trust() {
        lock.lock();
        try {
            SSLContext made = trust;
            if (made == null) {
                made = TlsContexts.systemTrust();
                trust = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isByCertificate(Throwable failure) {
        Throwable each = failure;
        for (int i = 0; i < CAUSES_MAX && each != null; i++) {
            if (each instanceof CertificateException
                    || each instanceof CertPathValidatorException) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static Fetched failed(String why) {
        return new Fetched.Failed(false, clean(why));
    }

    private static String clean(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
