/*
 * Stands between a server and the C library (LD_PRELOAD), and has the machine do what tests of faults want: the wall clock
 * is somewhere else, a force takes long, or fails. MACHINE_FAULTS names a file of four numbers of eight bytes, in the
 * machine's order, which the test changes while the server runs:
 *
 *   0  nanoseconds by which the wall clock is ahead, negative behind; the monotonic clock goes on as it does
 *   8  milliseconds that fsync and fdatasync take longer; a change ends the waits that have begun
 *  16  errno with which they fail after that; 0: they do what they should
 *  24  how many forces were asked for, counted here
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL
#define SLICE_NANOS 20000000LL
#define AFTER_1990 631152000LL

static int64_t nothing[4];
static volatile int64_t *faults = nothing;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    real_clock_gettime = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    real_fsync = (int (*)(int)) dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    const char *name = getenv("MACHINE_FAULTS");
    int file = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
    if (file >= 0) {
        void *mapped = mmap(NULL, sizeof nothing, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (mapped != MAP_FAILED) {
            faults = mapped;
        }
        close(file);
    }
}

static struct timespec timespec_of(int64_t nanos) {
    struct timespec time = {nanos / NANOS, nanos % NANOS};
    return time;
}

static int64_t nanos_of(const struct timespec *time) {
    return time->tv_sec * NANOS + time->tv_nsec;
}

static int is_wall(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (real_clock_gettime == NULL) {
        begin(); /* some other library's constructor came first */
    }
    int result = real_clock_gettime(clock, time);
    if (result == 0 && is_wall(clock)) {
        *time = timespec_of(nanos_of(time) + faults[0]);
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void) zone;
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}

static int64_t now_nanos(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return nanos_of(&now);
}

/*
 * A wait until a time of the wall clock ends when that clock says so, also when it jumps meanwhile; hence in slices. The
 * function is not told which clock the condition uses: no machine has been up since 1990, so such times are the wall clock's.
 */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    clockid_t clock = until->tv_sec > AFTER_1990 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    for (;;) {
        int64_t left = nanos_of(until) - now_nanos(clock);
        int64_t wait = is_wall(clock) && left > SLICE_NANOS ? SLICE_NANOS : left;
        struct timespec end = timespec_of(now_nanos(CLOCK_MONOTONIC) + (wait > 0 ? wait : 0));
        int result = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &end);
        if (result != ETIMEDOUT || left <= wait) {
            return result;
        }
    }
}

static int force(int (*real)(int), int file) {
    int64_t delay = faults[1];
    int64_t end = now_nanos(CLOCK_MONOTONIC) + delay * 1000000;
    __atomic_add_fetch(&faults[3], 1, __ATOMIC_RELAXED);
    while (faults[1] == delay && now_nanos(CLOCK_MONOTONIC) < end) {
        struct timespec slice = {0, 1000000};
        nanosleep(&slice, NULL);
    }
    if (faults[2] != 0) {
        errno = (int) faults[2];
        return -1;
    }
    return real(file);
}

int fsync(int file) {
    return force(real_fsync, file);
}

int fdatasync(int file) {
    return force(real_fdatasync, file);
}
