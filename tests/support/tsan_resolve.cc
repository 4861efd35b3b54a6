// glibc's getaddrinfo_a, which httplib calls, starts a thread that TSan does
// not know and dies in. In its builds names are resolved where they are asked.
#include <netdb.h>

extern "C" {

int getaddrinfo_a(int /*mode*/, struct gaicb* list[], int count,
                  struct sigevent* /*event*/) {
  for (int i = 0; i < count; ++i) {
    gaicb& one = *list[i];
    one.__return = getaddrinfo(one.ar_name, one.ar_service, one.ar_request,
                               &one.ar_result);
  }
  return 0;
}

int gai_suspend(const struct gaicb* const /*list*/[], int /*count*/,
                const struct timespec* /*timeout*/) {
  return EAI_ALLDONE;
}

int gai_error(struct gaicb* request) { return request->__return; }

int gai_cancel(struct gaicb* /*request*/) { return EAI_ALLDONE; }

}  // extern "C"
