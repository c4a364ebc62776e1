#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <string.h>
#include <unistd.h>

// Prototypes that the headers show only under _GNU_SOURCE, which a system module must not define.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pipe2(int[2], int);
extern int sched_getaffinity(int, size_t, void *);
extern int pthread_setname_np(pthread_t, const char *);
extern const char *strerrorname_np(int);
extern const char *strerrordesc_np(int);

// How many processors the calling thread may run on; -1 where the kernel does not say.
static inline int clinux_affinity_count(void) {
    unsigned long mask[1024 / (8 * sizeof(unsigned long))];
    memset(mask, 0, sizeof mask);
    if (sched_getaffinity(0, sizeof mask, mask) != 0) return -1;
    int count = 0;
    for (size_t i = 0; i < sizeof mask / sizeof mask[0]; i++) count += __builtin_popcountl(mask[i]);
    return count;
}

// Variadic in C, hence not callable from Swift.
static inline int clinux_unsent_bytes(int descriptor, int *count) { return ioctl(descriptor, SIOCOUTQ, count); }
static inline int clinux_readable_bytes(int descriptor, int *count) { return ioctl(descriptor, FIONREAD, count); }
static inline int clinux_set_timer_slack(unsigned long nanoseconds) { return prctl(PR_SET_TIMERSLACK, nanoseconds); }
static inline int clinux_flags(int descriptor) { return fcntl(descriptor, F_GETFL); }
static inline int clinux_set_flags(int descriptor, int flags) { return fcntl(descriptor, F_SETFL, flags); }
static inline int clinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

// The resource arguments are enumerations in some headers and integers in others.
static inline int clinux_get_descriptor_limit(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }
static inline int clinux_set_descriptor_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }
static inline int clinux_usage(struct rusage *usage) { return getrusage(RUSAGE_SELF, usage); }

// The handler is a union member behind a macro.
static inline int clinux_handle_signal(int number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL);
}
static inline int clinux_ignore_signal(int number) { return clinux_handle_signal(number, SIG_IGN); }
static inline int clinux_default_signal(int number) { return clinux_handle_signal(number, SIG_DFL); }
