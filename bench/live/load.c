/* The load generator: N websockets on one epoll thread, Engine.IO 4 and Socket.IO 5 by hand.
 *
 * load key=value …   host port count origin sockets=FILE pushes=FILE ready=PREFIX mark=TEXT rate=R gap=MS patience=S
 *
 * sockets: a line per socket, fields parted by tabs: Cookie header (may be empty), packet to say after OPEN, further
 *          packets to say after CONNECT was answered.      pushes: a line per event, the packet that socket 0 says.
 * ready:   beginning of the packet that counts as joined.  mark: the text in a delivered packet after which the number
 *          of the event stands, in decimal; it may stand several times in a packet, when events were gathered.
 * rate 0:  closed loop, the next event gap ms after everybody has the last; else so many events a second, come what may.
 *
 * Speaks with its caller by lines: prints {"phase":"joined",…}, waits for a line, sends the events, prints
 * {"phase":"done",…}, waits for a line, ends. Latencies are counted from the moment an event was due, in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { CONNECTING, UPGRADING, OPENING, JOINING, READY, DEAD };

struct conn {
  int fd;
  enum state state;
  char *cookie, *packets;  /* packets: the first after OPEN, the rest after CONNECT, parted by tabs */
  char *rest;              /* a frame of which only a part has come */
  size_t rest_len;
  int next;                /* the number of the event that must come next */
  double ready_at;
};

static struct conn *conns;
static char **pushes;
static int count, events, ready, failed, epfd;
static double *due, *last_at, *latency;
static int *got;
static long deliveries, duplicates, misordered, acks, lost_sockets;
static char first_ack[400];
static const char *host = "127.0.0.1", *origin = "http://localhost", *ready_prefix = "40", *mark = "\"n\":";
static int port;
static char scratch[1 << 20];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double cpu_ms(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e3 + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e3;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void drop(struct conn *c) {
  if (c->state == DEAD) return;
  if (c->state == READY) lost_sockets++;
  else failed++;
  c->state = DEAD;
  close(c->fd);
}

static void put(struct conn *c, const char *bytes, size_t n) {
  while (n) {
    ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) continue; /* what we say is small: the kernel takes it in a moment */
    if (sent < 0) { drop(c); return; }
    bytes += sent;
    n -= sent;
  }
}

/* A client's frame must be masked; with a key of zeros the payload stays as it is. */
static void say(struct conn *c, const char *text, size_t n) {
  static char frame[1 << 20];
  size_t head = n < 126 ? 2 : n < 65536 ? 4 : 10;
  frame[0] = (char)0x81;
  if (n < 126) frame[1] = (char)(0x80 | n);
  else if (n < 65536) { frame[1] = (char)0xFE; frame[2] = n >> 8; frame[3] = n; }
  else { frame[1] = (char)0xFF; for (int i = 0; i < 8; i++) frame[2 + i] = (uint64_t)n >> (56 - 8 * i); }
  memset(frame + head, 0, 4);
  memcpy(frame + head + 4, text, n);
  put(c, frame, head + 4 + n);
}

static void say_packets(struct conn *c, int first) {
  char *at = c->packets;
  for (int i = 0; at; i++) {
    size_t n = strcspn(at, "\t");
    if (first ? i == 0 : i > 0) say(c, at, n);
    at = at[n] ? at + n + 1 : NULL;
  }
}

static void delivered(struct conn *c, int number, double at) {
  if (number < 0 || number >= events) return;
  if (number < c->next) { duplicates++; return; }
  if (number > c->next) misordered++;
  c->next = number + 1;
  if (deliveries < (long)events * count) latency[deliveries] = at - due[number];
  deliveries++;
  got[number]++;
  last_at[number] = at;
}

static void packet(struct conn *c, char *text, size_t n, double at) {
  if (n == 1 && text[0] == '2') { say(c, "3", 1); return; }
  if (c->state == OPENING && text[0] == '0') { c->state = JOINING; say_packets(c, 1); return; }
  if (c->state == JOINING) {
    if (n >= 2 && !memcmp(text, "40", 2)) say_packets(c, 0);
    if (n >= 2 && !memcmp(text, "44", 2)) { fprintf(stderr, "refused: %.*s\n", (int)n, text); drop(c); return; }
    if (n >= strlen(ready_prefix) && !memcmp(text, ready_prefix, strlen(ready_prefix))) {
      c->state = READY;
      c->ready_at = at;
      ready++;
    }
  }
  if (n >= 2 && text[0] == '4' && text[1] == '3') {
    acks++;
    if (!first_ack[0] && c == conns) snprintf(first_ack, sizeof first_ack, "%.*s", (int)(n < 300 ? n : 300), text);
    return;
  }
  if (n < 2 || text[0] != '4' || text[1] != '2') return;
  size_t m = strlen(mark);
  for (char *p = text; (p = memmem(p, text + n - p, mark, m)); p += m) delivered(c, atoi(p + m), at);
}

static size_t frames(struct conn *c, char *bytes, size_t n, double at) {
  size_t used = 0;
  while (c->state != DEAD && n - used >= 2) {
    unsigned char *f = (unsigned char *)bytes + used;
    size_t head = 2, len = f[1] & 0x7F;
    if (len == 126) {
      if (n - used < 4) break;
      len = f[2] << 8 | f[3];
      head = 4;
    } else if (len == 127) {
      if (n - used < 10) break;
      len = 0;
      for (int i = 2; i < 10; i++) len = len << 8 | f[i];
      head = 10;
    }
    if (n - used < head + len) break;
    if ((f[0] & 0x0F) == 8) { drop(c); break; }
    char *text = (char *)f + head, keep = text[len];
    text[len] = 0; /* so that a number at the very end stops */
    packet(c, text, len, at);
    text[len] = keep;
    used += head + len;
  }
  return used;
}

static void incoming(struct conn *c) {
  if (c->rest_len > sizeof scratch / 2) { drop(c); return; }
  memcpy(scratch, c->rest, c->rest_len);
  ssize_t n = recv(c->fd, scratch + c->rest_len, sizeof scratch - 1 - c->rest_len, 0);
  if (n <= 0) {
    if (n < 0 && errno == EAGAIN) return;
    drop(c);
    return;
  }
  double at = now();
  size_t total = c->rest_len + n, used = 0;
  if (c->state == UPGRADING) {
    scratch[total] = 0;
    char *end = strstr(scratch, "\r\n\r\n");
    if (!end) used = 0;
    else if (strncmp(scratch, "HTTP/1.1 101", 12)) {
      fprintf(stderr, "not upgraded: %.120s\n", scratch);
      drop(c);
      return;
    } else {
      c->state = OPENING;
      used = end + 4 - scratch;
    }
  }
  if (c->state > UPGRADING) used += frames(c, scratch + used, total - used, at);
  if (c->state == DEAD) return;
  c->rest_len = total - used;
  c->rest = c->rest_len ? realloc(c->rest, c->rest_len) : (free(c->rest), NULL);
  if (c->rest_len) memcpy(c->rest, scratch + used, c->rest_len);
}

static void upgrade(struct conn *c) {
  int error = 0;
  socklen_t n = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n);
  if (error) { drop(c); return; }
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &e);
  c->state = UPGRADING;
  char request[4096];
  int len = snprintf(request, sizeof request,
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: %s:%d\r\nOrigin: %s\r\n%s%s%s"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    host, port, origin, *c->cookie ? "Cookie: " : "", c->cookie, *c->cookie ? "\r\n" : "");
  put(c, request, len);
}

static void open_socket(struct conn *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) fail("socket");
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct linger hard = {1, 0}; /* no TIME_WAIT: the next run needs the ports */
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, host, &to.sin_addr);
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
  struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
  epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &e);
}

/* Handle what comes within the given time; returns 1 when the caller has said a line. */
static int turn(double wait_ms) {
  struct epoll_event list[512];
  int n = epoll_wait(epfd, list, 512, wait_ms < 0 ? 0 : (int)ceil(wait_ms)), told = 0;
  for (int i = 0; i < n; i++) {
    struct conn *c = list[i].data.ptr;
    if (!c) {
      char line[64];
      if (read(0, line, sizeof line) <= 0) exit(0);
      told = 1;
    } else if (c->state == CONNECTING) upgrade(c);
    else if (c->state != DEAD) incoming(c);
  }
  return told;
}

static char **read_lines(const char *path, int *n) {
  FILE *f = fopen(path, "r");
  if (!f) fail(path);
  char **lines = NULL, *line = NULL;
  size_t size = 0;
  ssize_t len;
  for (*n = 0; (len = getline(&line, &size, f)) >= 0; ++*n) {
    if (len && line[len - 1] == '\n') line[len - 1] = 0;
    lines = realloc(lines, (*n + 1) * sizeof *lines);
    lines[*n] = strdup(line);
  }
  fclose(f);
  return lines;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(double *sorted, long n, double q) { return n ? sorted[(long)(q * (n - 1))] : 0; }

static void connect_all(double patience) {
  double start = now(), cpu = cpu_ms();
  for (int i = 0; i < count; i++) open_socket(&conns[i]);
  while (ready + failed < count && now() - start < patience) turn(100);
  double *took = calloc(count, sizeof *took);
  int n = 0;
  for (int i = 0; i < count; i++)
    if (conns[i].ready_at) took[n++] = conns[i].ready_at - start;
  qsort(took, n, sizeof *took, ascending);
  printf("{\"phase\":\"joined\",\"ready\":%d,\"failed\":%d,\"last_ms\":%.2f,\"p50_ms\":%.2f,\"busy\":%.3f}\n", ready,
         count - ready, n ? took[n - 1] : 0, quantile(took, n, .5), (cpu_ms() - cpu) / (now() - start));
  free(took);
}

static void send_all(double rate, double gap, double patience) {
  double start = now(), cpu = cpu_ms();
  for (int k = 0; k < events; k++) {
    due[k] = rate > 0 ? start + k * 1e3 / rate : now();
    while (rate > 0 && now() < due[k]) turn(due[k] - now());
    if (conns[0].state != READY) { fprintf(stderr, "the sender was dropped before event %d\n", k); break; }
    say(&conns[0], pushes[k], strlen(pushes[k]));
    if (rate > 0) continue;
    while (got[k] + lost_sockets < ready && now() - due[k] < patience) turn(50);
    for (double rest = now() + gap; now() < rest;) turn(rest - now());
  }
  double end = now();
  while (deliveries < (long)events * ready && now() - end < patience) turn(50);
  double wall = now() - start, busy = (cpu_ms() - cpu) / wall;
  double *lasts = calloc(events, sizeof *lasts);
  for (int k = 0; k < events; k++) lasts[k] = last_at[k] ? last_at[k] - due[k] : patience;
  qsort(lasts, events, sizeof *lasts, ascending);
  qsort(latency, deliveries, sizeof *latency, ascending);
  printf("{\"phase\":\"done\",\"deliveries\":%ld,\"missing\":%ld,\"duplicates\":%ld,\"misordered\":%ld,"
         "\"lost_sockets\":%ld,\"acks\":%ld,\"last_ms\":%.3f,\"last_max_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
         "\"wall_ms\":%.1f,\"busy\":%.3f}\n", deliveries, (long)events * count - deliveries, duplicates, misordered,
         lost_sockets, acks, quantile(lasts, events, .5), lasts[events - 1], quantile(latency, deliveries, .5),
         quantile(latency, deliveries, .99), wall, busy);
  if (first_ack[0]) fprintf(stderr, "first acknowledgement: %s\n", first_ack);
}

int main(int argc, char **argv) {
  const char *sockets = NULL, *push_file = NULL;
  double rate = 0, gap = 20, patience = 90;
  for (int i = 1; i < argc; i++) {
    char *value = strchr(argv[i], '=');
    if (!value) return fprintf(stderr, "key=value, not %s\n", argv[i]), 2;
    *value++ = 0;
    if (!strcmp(argv[i], "host")) host = value;
    else if (!strcmp(argv[i], "port")) port = atoi(value);
    else if (!strcmp(argv[i], "count")) count = atoi(value);
    else if (!strcmp(argv[i], "origin")) origin = value;
    else if (!strcmp(argv[i], "sockets")) sockets = value;
    else if (!strcmp(argv[i], "pushes")) push_file = value;
    else if (!strcmp(argv[i], "ready")) ready_prefix = value;
    else if (!strcmp(argv[i], "mark")) mark = value;
    else if (!strcmp(argv[i], "rate")) rate = atof(value);
    else if (!strcmp(argv[i], "gap")) gap = atof(value);
    else if (!strcmp(argv[i], "patience")) patience = atof(value);
    else return fprintf(stderr, "unknown: %s\n", argv[i]), 2;
  }
  int lines;
  char **rows = read_lines(sockets, &lines);
  if (lines < count) return fprintf(stderr, "%d sockets asked, %d described\n", count, lines), 2;
  pushes = read_lines(push_file, &events);
  setvbuf(stdout, NULL, _IOLBF, 0);
  epfd = epoll_create1(0);
  struct epoll_event caller = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epfd, EPOLL_CTL_ADD, 0, &caller);
  conns = calloc(count, sizeof *conns);
  for (int i = 0; i < count; i++) {
    conns[i].packets = strchr(rows[i], '\t');
    if (!conns[i].packets) return fprintf(stderr, "socket %d has no packet\n", i), 2;
    *conns[i].packets++ = 0;
    conns[i].cookie = rows[i];
  }
  due = calloc(events, sizeof *due);
  last_at = calloc(events, sizeof *last_at);
  got = calloc(events, sizeof *got);
  latency = calloc((size_t)events * count, sizeof *latency);
  connect_all(patience * 1e3);
  while (!turn(1000)) {}
  send_all(rate, gap, patience * 1e3);
  while (!turn(1000)) {}
  return 0;
}
