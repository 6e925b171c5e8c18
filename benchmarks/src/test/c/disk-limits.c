/* What the disk gives to a program that does nothing else: the physical limits beside which the spool is measured.
 *
 *   disk-limits overwrite FILE OCTETS SECONDS           one thread: pwrite OCTETS, fdatasync, from the front of FILE to its end
 *                                                       and again; FILE is there and all its blocks were written before
 *   disk-limits group FILE OCTETS SECONDS WRITERS       WRITERS threads append OCTETS each to a new FILE and wait until that is
 *                                                       synced; one thread syncs what was appended meanwhile
 *   disk-limits sequential FILE OCTETS PIECE            a new FILE of OCTETS, written in pieces, one fdatasync at the end
 *   disk-limits forget FILE...                          drops the files from the page cache
 *
 * Prints operations a second (sequential: octets a second) and, in microseconds, the median, 99th percentile and longest
 * time of one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 200000 /* of a microsecond; what takes longer counts in the last one */

struct times {
    long count, longest;
    unsigned slot[SLOTS];
};

static void fail(const char *what) {
    fprintf(stderr, "disk-limits: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void *memory(size_t octets) {
    void *found = calloc(1, octets);
    if (!found) fail("memory");
    return found;
}

static void note(struct times *times, long taken) {
    long micros = taken / 1000;
    times->count++;
    times->slot[micros < SLOTS ? micros : SLOTS - 1]++;
    if (micros > times->longest) times->longest = micros;
}

static void add(struct times *sum, const struct times *part) {
    sum->count += part->count;
    if (part->longest > sum->longest) sum->longest = part->longest;
    for (int i = 0; i < SLOTS; i++) sum->slot[i] += part->slot[i];
}

static long percentile(const struct times *times, double share) {
    long seen = 0;
    for (int i = 0; i < SLOTS; i++) {
        seen += times->slot[i];
        if (seen >= times->count * share) return i;
    }
    return times->longest;
}

static void print(double rate, const struct times *times) {
    printf("%.1f %ld %ld %ld\n", rate, percentile(times, .5), percentile(times, .99), times->longest);
}

static char *octets(size_t count) {
    char *made = memory(count);
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) made[i] = (char)((state = state * 1664525u + 1013904223u) >> 24);
    return made;
}

static void overwrite(const char *file, long size, double seconds) {
    int descriptor = open(file, O_RDWR);
    struct stat about;
    if (descriptor < 0 || fstat(descriptor, &about)) fail(file);
    char *from = octets(size);
    struct times *times = memory(sizeof *times);
    long start = nanos(), before = start, end = start + (long)(seconds * 1e9);
    for (long at = 0; before < end; at += size) {
        if (at + size > about.st_size) at = 0;
        if (pwrite(descriptor, from, size, at) != size) fail("write");
        if (fdatasync(descriptor)) fail("sync");
        long after = nanos();
        note(times, after - before);
        before = after;
    }
    print(times->count * 1e9 / (before - start), times);
}

static struct {
    int descriptor;
    long size, end, appended, synced;
    char *from;
    int over;
    pthread_mutex_t lock;
    pthread_cond_t some, done;
} log_file = {.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};

static void *append(void *argument) {
    struct times *times = argument;
    for (long before = nanos(); before < log_file.end;) {
        pthread_mutex_lock(&log_file.lock);
        if (write(log_file.descriptor, log_file.from, log_file.size) != log_file.size) fail("write");
        long mine = ++log_file.appended;
        pthread_cond_signal(&log_file.some);
        while (log_file.synced < mine) pthread_cond_wait(&log_file.done, &log_file.lock);
        pthread_mutex_unlock(&log_file.lock);
        long after = nanos();
        note(times, after - before);
        before = after;
    }
    return NULL;
}

static void *sync_appended(void *unused) {
    pthread_mutex_lock(&log_file.lock);
    while (!log_file.over || log_file.synced < log_file.appended) {
        long upto = log_file.appended;
        if (upto == log_file.synced) {
            pthread_cond_wait(&log_file.some, &log_file.lock);
            continue;
        }
        pthread_mutex_unlock(&log_file.lock);
        if (fdatasync(log_file.descriptor)) fail("sync");
        pthread_mutex_lock(&log_file.lock);
        log_file.synced = upto;
        pthread_cond_broadcast(&log_file.done);
    }
    pthread_mutex_unlock(&log_file.lock);
    return unused;
}

static void group(const char *file, long size, double seconds, int writers) {
    log_file.descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY | O_APPEND, 0600);
    if (log_file.descriptor < 0) fail(file);
    log_file.size = size;
    log_file.from = octets(size);
    long start = nanos();
    log_file.end = start + (long)(seconds * 1e9);
    pthread_t syncer, *writer = memory(writers * sizeof *writer);
    struct times **times = memory(writers * sizeof *times), *sum = memory(sizeof *sum);
    if (pthread_create(&syncer, NULL, sync_appended, NULL)) fail("thread");
    for (int i = 0; i < writers; i++) {
        times[i] = memory(sizeof **times);
        if (pthread_create(&writer[i], NULL, append, times[i])) fail("thread");
    }
    for (int i = 0; i < writers; i++) {
        pthread_join(writer[i], NULL);
        add(sum, times[i]);
    }
    long taken = nanos() - start;
    pthread_mutex_lock(&log_file.lock);
    log_file.over = 1;
    pthread_cond_signal(&log_file.some);
    pthread_mutex_unlock(&log_file.lock);
    pthread_join(syncer, NULL);
    print(sum->count * 1e9 / taken, sum);
}

static void sequential(const char *file, long size, long piece) {
    char *from = octets(piece);
    struct times *times = memory(sizeof *times);
    long start = nanos();
    int descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (descriptor < 0) fail(file);
    for (long left = size; left > 0;) {
        long count = left < piece ? left : piece;
        if (write(descriptor, from, count) != count) fail("write");
        left -= count;
    }
    if (fdatasync(descriptor)) fail("sync");
    long taken = nanos() - start;
    note(times, taken);
    print(size * 1e9 / taken, times);
}

static void forget(const char *file) {
    int descriptor = open(file, O_RDONLY);
    if (descriptor < 0 || fdatasync(descriptor)) fail(file);
    errno = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    if (errno) fail(file);
    close(descriptor);
}

int main(int count, char **argument) {
    const char *what = count > 2 ? argument[1] : "";
    if (!strcmp(what, "overwrite") && count == 5) overwrite(argument[2], atol(argument[3]), atof(argument[4]));
    else if (!strcmp(what, "group") && count == 6)
        group(argument[2], atol(argument[3]), atof(argument[4]), atoi(argument[5]));
    else if (!strcmp(what, "sequential") && count == 5) sequential(argument[2], atol(argument[3]), atol(argument[4]));
    else if (!strcmp(what, "forget"))
        for (int i = 2; i < count; i++) forget(argument[i]);
    else return fprintf(stderr, "usage: see the head of the source\n"), 2;
    return 0;
}
