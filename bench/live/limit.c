/* The limit: what one core can do when a frame is built once and there is one send() per socket, and nothing else.
 *
 * Epoll, no framework, no checks: it knows just enough of websockets, Engine.IO and Socket.IO for load.c. Prints its
 * port. An event from anybody goes to everybody as it came, without its acknowledgement id.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 70000

static int everybody[MOST], place[MOST], upgraded[MOST], n_everybody;
static char buffer[1 << 20], frame[1 << 20];
static char *rest[MOST];
static size_t rest_len[MOST];

static size_t text_frame(const char *text, size_t n) {
  size_t head = n < 126 ? 2 : n < 65536 ? 4 : 10;
  frame[0] = (char)0x81;
  if (n < 126) frame[1] = n;
  else if (n < 65536) { frame[1] = 126; frame[2] = n >> 8; frame[3] = n; }
  else { frame[1] = 127; for (int i = 0; i < 8; i++) frame[2 + i] = (uint64_t)n >> (56 - 8 * i); }
  memcpy(frame + head, text, n);
  return head + n;
}

static void tell(int fd, const char *text) {
  size_t n = text_frame(text, strlen(text));
  send(fd, frame, n, MSG_NOSIGNAL);
}

static void packet(int fd, char *text, size_t n) {
  if (n >= 2 && text[0] == '4' && text[1] == '0') {
    place[fd] = n_everybody;
    everybody[n_everybody++] = fd;
    tell(fd, "40{\"sid\":\"x\"}");
  } else if (n >= 2 && text[0] == '4' && text[1] == '2') {
    size_t size = text_frame(text, n);
    for (int i = 0; i < n_everybody; i++) send(everybody[i], frame, size, MSG_NOSIGNAL);
  }
}

static void gone(int fd) {
  if (place[fd] >= 0) {
    int other = everybody[--n_everybody];
    everybody[place[fd]] = other;
    place[other] = place[fd];
    place[fd] = -1;
  }
  free(rest[fd]);
  rest[fd] = NULL;
  rest_len[fd] = upgraded[fd] = 0;
  close(fd);
}

static void incoming(int fd) {
  memcpy(buffer, rest[fd], rest_len[fd]);
  ssize_t n = recv(fd, buffer + rest_len[fd], sizeof buffer - rest_len[fd] - 1, 0);
  if (n <= 0) {
    if (n == 0 || errno != EAGAIN) gone(fd);
    return;
  }
  size_t total = rest_len[fd] + n, used = 0;
  buffer[total] = 0;
  if (!upgraded[fd]) {
    if (strstr(buffer, "\r\n\r\n")) {
      const char *answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
      send(fd, answer, strlen(answer), MSG_NOSIGNAL);
      upgraded[fd] = 1;
      tell(fd, "0{\"sid\":\"x\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":524288}");
      used = total;
    }
  } else
    while (total - used >= 6) {
      unsigned char *f = (unsigned char *)buffer + used;
      size_t head = 6, len = f[1] & 0x7F;
      if (len == 126) { len = f[2] << 8 | f[3]; head = 8; }
      if (total - used < head + len) break;
      packet(fd, (char *)f + head, len);
      used += head + len;
    }
  rest_len[fd] = total - used;
  rest[fd] = realloc(rest[fd], rest_len[fd] + 1);
  memmove(rest[fd], buffer + used, rest_len[fd]);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epfd = epoll_create1(0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  if (bind(listener, (struct sockaddr *)&at, size) || listen(listener, 8192)) return perror("listen"), 1;
  getsockname(listener, (struct sockaddr *)&at, &size);
  memset(place, -1, sizeof place);
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, list[512];
  epoll_ctl(epfd, EPOLL_CTL_ADD, listener, &e);
  for (;;) {
    int n = epoll_wait(epfd, list, 512, -1);
    for (int i = 0; i < n; i++) {
      int fd = list[i].data.fd;
      if (fd != listener) { incoming(fd); continue; }
      while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST) { close(fd); continue; }
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event in = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &in);
      }
    }
  }
}
