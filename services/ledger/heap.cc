// The heap of dataip-ledger (docs/decisions/0010-jemalloc.md): jemalloc reads
// this before main. One arena, since what one thread allocates another frees;
// what is free goes back to the kernel soon, so that memory after a storm of
// readers or ten million entries is what it was before. A word that jemalloc
// does not know ends the program at once.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf =
    "abort_conf:true,narenas:1,tcache_max:4096,background_thread:true,"
    "dirty_decay_ms:20,muzzy_decay_ms:0";
}
