#include "tests/unit/services/registry/fake_ledger.h"

#include <grpcpp/grpcpp.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"

namespace dataip::registryd {

class FakeLedger::Service : public ledger::v1::LedgerService::Service {
 public:
  Service(std::string origin, Entries entries)
      : origin_(std::move(origin)), entries_(std::move(entries)) {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~Service() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  void Say(Entries entries) {
    base::MutexLock lock(mutex_);
    entries_ = std::move(entries);
  }
  void SayAfterNextReading(Entries entries) {
    base::MutexLock lock(mutex_);
    next_ = std::move(entries);
  }
  void SayAlone(const ledger::v1::Entry& entry) {
    base::MutexLock lock(mutex_);
    alone_[entry.index()] = entry;
  }

 private:
  grpc::Status GetEntry(grpc::ServerContext*,
                        const ledger::v1::GetEntryRequest* request,
                        ledger::v1::GetEntryResponse* response) override {
    base::MutexLock lock(mutex_);
    const uint64_t index = request->index();
    if (const auto alone = alone_.find(index); alone != alone_.end()) {
      *response->mutable_entry() = alone->second;
      return grpc::Status::OK;
    }
    if (index >= entries_.size()) {
      return {grpc::StatusCode::NOT_FOUND, "past the end"};
    }
    *response->mutable_entry() = entries_[index];
    return grpc::Status::OK;
  }

  grpc::Status ReadEntries(
      grpc::ServerContext*, const ledger::v1::ReadEntriesRequest* request,
      grpc::ServerWriter<ledger::v1::ReadEntriesResponse>* writer) override {
    Entries entries;
    {
      base::MutexLock lock(mutex_);
      entries = entries_;
      if (next_.has_value()) entries_ = *std::exchange(next_, std::nullopt);
    }
    if (request->start_index() > entries.size()) {
      return {grpc::StatusCode::NOT_FOUND, "past the end"};
    }
    for (size_t i = request->start_index(); i < entries.size(); ++i) {
      ledger::v1::ReadEntriesResponse run;
      *run.add_entries() = entries[i];
      if (!writer->Write(run)) break;
    }
    return grpc::Status::OK;
  }

  grpc::Status OpenWriter(grpc::ServerContext*,
                          const ledger::v1::OpenWriterRequest*,
                          ledger::v1::OpenWriterResponse* response) override {
    response->set_origin(origin_);
    response->set_epoch(1);
    return grpc::Status::OK;
  }

  // Takes what comes and acknowledges nothing.
  grpc::Status Append(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<ledger::v1::AppendResponse,
                               ledger::v1::AppendRequest>* stream) override {
    ledger::v1::AppendRequest request;
    while (stream->Read(&request)) {
    }
    return grpc::Status::OK;
  }

  const std::string origin_;
  base::Mutex mutex_;
  Entries entries_ DATAIP_GUARDED_BY(mutex_);
  std::optional<Entries> next_ DATAIP_GUARDED_BY(mutex_);
  std::map<uint64_t, ledger::v1::Entry> alone_ DATAIP_GUARDED_BY(mutex_);
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

FakeLedger::FakeLedger(std::string origin, Entries entries)
    : service_(
          std::make_unique<Service>(std::move(origin), std::move(entries))),
      client_(std::make_unique<client::LedgerClient>(
          *client::MakeChannel(service_->address(), std::nullopt))) {}

FakeLedger::~FakeLedger() = default;

void FakeLedger::Say(Entries entries) { service_->Say(std::move(entries)); }

void FakeLedger::SayAfterNextReading(Entries entries) {
  service_->SayAfterNextReading(std::move(entries));
}

void FakeLedger::SayAlone(const ledger::v1::Entry& entry) {
  service_->SayAlone(entry);
}

}  // namespace dataip::registryd
