package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Nothing is ambient: all time, waiting, threads, randomness, names, files and connections come
 * through the platform.
 */
class CallsTest {
    /** Where a rule does not hold at all, because the real thing is made there. */
    private static final Map<String, Set<String>> FREE =
            Map.of(
                    "platform",
                    Calls.names(),
                    "sim", // runs the engine on threads of its own
                    Set.of("thread"),
                    "jwt", // reads the issuer's keys
                    Set.of("file"),
                    "daemon", // reads its configuration, writes its socket and logs
                    Set.of("file"));

    @Test
    void nothingIsAmbient() {
        List<Finding> findings = new ArrayList<>();
        for (JavaClass type : Project.imported()) {
            String module = Project.moduleOf(type).orElse("");
            Calls.find(List.of(type)).stream()
                    .filter(
                            finding ->
                                    !FREE.getOrDefault(module, Set.of()).contains(finding.rule()))
                    .forEach(findings::add);
        }
        Exceptions.listed().check(Calls.names(), findings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clock", "wait", "thread", "random", "address", "file", "network"})
    void everyForbiddenCallIsFound(String rule) throws ClassNotFoundException {
        Class<?> sample =
                Class.forName(
                        CallsTest.class.getName()
                                + "$"
                                + rule.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                                + rule.substring(1));
        Set<String> expected = new TreeSet<>();
        for (var method : sample.getDeclaredMethods()) {
            if (!method.isSynthetic()) {
                expected.add(sample.getName() + "#" + method.getName());
            }
        }
        Set<String> found = new TreeSet<>();
        Calls.find(new ClassFileImporter().importClasses(sample)).stream()
                .filter(finding -> finding.rule().equals(rule))
                .forEach(finding -> found.add(finding.place()));
        assertThat(found).isEqualTo(expected).isNotEmpty();
    }

    @Test
    void innocentCallsAreNotFound() {
        assertThat(Calls.find(new ClassFileImporter().importClasses(Innocent.class))).isEmpty();
    }

    // One method a call; each must be found.

    static class Clock {
        Object instant() {
            return Instant.now();
        }

        Object date() {
            return LocalDate.now(java.time.ZoneOffset.UTC);
        }

        Object system() {
            return java.time.Clock.systemUTC();
        }

        long nano() {
            return System.nanoTime();
        }

        long milli() {
            return System.currentTimeMillis();
        }

        Supplier<Instant> reference() {
            return Instant::now;
        }

        Supplier<Long> lambda() {
            return () -> System.nanoTime() + 1;
        }

        Object old() {
            return new java.util.Date();
        }
    }

    static class Wait {
        void sleep() throws InterruptedException {
            java.lang.Thread.sleep(1);
        }

        void sleepDuration() throws InterruptedException {
            java.lang.Thread.sleep(Duration.ofMillis(1));
        }

        void join(java.lang.Thread thread) throws InterruptedException {
            thread.join(1);
        }

        void monitor(Object lock) throws InterruptedException {
            lock.wait(1);
        }

        void unit() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }

        Object poll(BlockingQueue<?> queue) throws InterruptedException {
            return queue.poll(1, TimeUnit.SECONDS);
        }

        Object pollOfClass(LinkedBlockingQueue<?> queue) throws InterruptedException {
            return queue.poll(1, TimeUnit.SECONDS);
        }

        Object future(CompletableFuture<?> future) throws Exception {
            return future.get(1, TimeUnit.SECONDS);
        }

        Object orTimeout(CompletableFuture<?> future) {
            return future.orTimeout(1, TimeUnit.SECONDS);
        }

        void condition(Condition condition) throws InterruptedException {
            condition.await(1, TimeUnit.SECONDS);
        }

        void nanos(Condition condition) throws InterruptedException {
            condition.awaitNanos(1);
        }

        void lock(ReentrantLock lock) throws InterruptedException {
            lock.tryLock(1, TimeUnit.SECONDS);
        }

        void latch(CountDownLatch latch) throws InterruptedException {
            latch.await(1, TimeUnit.SECONDS);
        }

        void semaphore(Semaphore semaphore) throws InterruptedException {
            semaphore.tryAcquire(1, TimeUnit.SECONDS);
        }

        void park() {
            LockSupport.parkNanos(1);
        }

        void parkUntil() {
            LockSupport.parkUntil(1);
        }
    }

    static class Thread {
        Object platform() {
            return java.lang.Thread.ofPlatform();
        }

        Object virtual() {
            return java.lang.Thread.startVirtualThread(() -> {});
        }

        Object construct() {
            return new java.lang.Thread(() -> {});
        }

        Object pool() {
            return Executors.newCachedThreadPool();
        }

        Object async() {
            return CompletableFuture.supplyAsync(() -> 1);
        }

        Object stream(List<Integer> list) {
            return list.parallelStream();
        }
    }

    static class Random {
        Object uuid() {
            return UUID.randomUUID();
        }

        double math() {
            return Math.random();
        }

        Object unseeded() {
            return new java.util.Random();
        }

        Object secure() {
            return new java.security.SecureRandom();
        }

        int local() {
            return java.util.concurrent.ThreadLocalRandom.current().nextInt();
        }

        void shuffle(List<?> list) {
            java.util.Collections.shuffle(list);
        }
    }

    static class Address {
        Object byName() throws Exception {
            return InetAddress.getByName("127.0.0.1");
        }

        Object all() throws Exception {
            return InetAddress.getAllByName("host.example");
        }

        Object socketAddress() {
            return new InetSocketAddress("host.example", 25);
        }

        Object reverse(InetAddress address) {
            return address.getHostName();
        }
    }

    static class File {
        Object read(Path path) throws Exception {
            return Files.readString(path);
        }

        Object open(Path path) throws Exception {
            return java.nio.channels.FileChannel.open(path);
        }

        Object stream(String name) throws Exception {
            return new java.io.FileInputStream(name);
        }
    }

    static class Network {
        Object socket() {
            return new Socket();
        }

        Object channel() throws Exception {
            return java.nio.channels.SocketChannel.open();
        }

        Object http() {
            return java.net.http.HttpClient.newHttpClient();
        }
    }

    static class Innocent {
        Object seeded() {
            return new java.util.Random(1);
        }

        Object octets() throws Exception {
            return InetAddress.getByAddress(new byte[4]);
        }

        Object address(InetAddress address) {
            return new InetSocketAddress(address, 25);
        }

        Object untimed(BlockingQueue<?> queue) throws InterruptedException {
            return queue.take();
        }

        Object poll(BlockingQueue<?> queue) {
            return queue.poll();
        }

        long convert() {
            return TimeUnit.SECONDS.convert(1, TimeUnit.DAYS);
        }

        Object epoch() {
            return Instant.ofEpochMilli(1).plus(Duration.ofDays(1));
        }

        Object path() {
            return Path.of("a").resolve("b");
        }
    }
}
