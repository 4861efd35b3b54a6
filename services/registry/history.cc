#include "services/registry/history.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/registry/state/header_of.h"

namespace dataip::registryd {
namespace {

using registry::State;
using Type = registry::ObjectType;

std::string StreamOf(const EventObject& object) {
  return registry::StreamOf({object.type, object.number});
}

template <typename Map>
std::string CertificateIn(const Map& map, const std::string& number) {
  const auto found = map.find(number);
  return found == map.end() ? "" : found->second.certificate_number();
}

// What an event that makes an object says of its case.
EventObject MadeIn(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kObjectionFiled:
      return {Type::kApplication,
              event.objection_filed().objection().application_no()};
    case v1::Event::kRequestFiled:
      return {Type::kCertificate,
              event.request_filed().request().certificate_number()};
    case v1::Event::kRevocationOpened:
      return {Type::kCertificate,
              event.revocation_opened().revocation().certificate_number()};
    case v1::Event::kCertificateFrozen:
      return {Type::kCertificate,
              event.certificate_frozen().freeze().certificate_number()};
    case v1::Event::kPledgeRegistered:
      return {Type::kCertificate,
              event.pledge_registered().pledge().certificate_number()};
    case v1::Event::kLicenceFiled:
      return {Type::kCertificate,
              event.licence_filed().licence().certificate_number()};
    default:
      return {};
  }
}

// The application or certificate that the object stands in; no number for one
// that is a case itself.
EventObject CaseOf(const State& before, const EventObject& object,
                   const v1::Event& event) {
  EventObject made = MadeIn(event);
  if (!made.number.empty()) return made;
  const std::string& number = object.number;
  if (object.type == Type::kObjection) {
    const auto* found = registry::FindObjection(before, number);
    return {Type::kApplication,
            found == nullptr ? "" : found->application_no()};
  }
  std::string certificate;
  if (object.type == Type::kRequest) {
    certificate = CertificateIn(before.requests, number);
  } else if (object.type == Type::kRevocation) {
    certificate = CertificateIn(before.revocations, number);
  } else if (object.type == Type::kFreeze) {
    certificate = CertificateIn(before.freezes, number);
  } else if (object.type == Type::kPledge) {
    certificate = CertificateIn(before.pledges, number);
  } else if (object.type == Type::kLicence) {
    const auto* found = registry::FindLicence(before, number);
    if (found != nullptr) certificate = found->licence.certificate_number();
  }
  return {Type::kCertificate, certificate};
}

// Of an event of a batch: its own, else that of the event before it (what is
// issued belongs to the application that was registered).
std::string StreamWithin(const v1::Event& event, std::string before) {
  std::string own = registry::HeaderOf(std::vector<v1::Event>{event}).stream;
  return own.empty() ? before : own;
}

class Gathering {
 public:
  Gathering(const State& before, std::string stream)
      : before_(before), stream_(std::move(stream)) {}

  void Add(size_t part, const v1::Event& event, bool batch) {
    part_ = part;
    at_.clear();
    if (event.has_deadlines_recomputed()) {
      for (const auto& one : event.deadlines_recomputed().deadlines()) {
        AddObject(event, RecomputedObject(before_, one.object()));
      }
      Put(stream_, event, Audience::kAll, "");
      return;
    }
    const EventObject object = ObjectOf(event);
    if (part == 0) first_objection_ = ObjectionIn(object);
    AddObject(event, object);
    if (batch) stream_ = StreamWithin(event, std::move(stream_));
    Put(stream_, event, AudienceOf(object, event), ObjectionIn(object));
    if (!MovesObjections(event)) return;
    const auto* moved = registry::FindApplication(before_, object.number);
    if (moved == nullptr) return;
    for (const std::string& open : moved->open_objections()) {
      Put("objections/" + open, event, Audience::kParties, open);
    }
  }

  // What stands beside an objection's event is by the same actor.
  std::vector<HistoryLine> Take() {
    for (HistoryLine& line : lines_) {
      if (line.objection_no.empty()) line.objection_no = first_objection_;
    }
    return std::move(lines_);
  }

 private:
  static std::string ObjectionIn(const EventObject& object) {
    return object.type == Type::kObjection ? object.number : "";
  }

  void AddObject(const v1::Event& event, const EventObject& object) {
    if (object.number.empty()) return;
    const Audience audience = AudienceOf(object, event);
    const std::string objection = ObjectionIn(object);
    Put(StreamOf(object), event, audience, objection);
    const EventObject its_case = CaseOf(before_, object, event);
    if (its_case.number.empty()) return;
    const bool moves = MovesApplication(event);
    Put(StreamOf(its_case), event, moves ? Audience::kAll : audience,
        objection);
  }

  // The first one stands: an event comes once into a history.
  void Put(const std::string& stream, const v1::Event& event, Audience audience,
           const std::string& objection_no) {
    const auto [at, added] = at_.try_emplace(stream, lines_.size());
    if (added) {
      lines_.push_back(
          {stream, part_, EventName(event), audience, objection_no});
      return;
    }
    HistoryLine& line = lines_[at->second];
    if (audience < line.audience) line.audience = audience;
    if (line.objection_no != objection_no) line.objection_no.clear();
  }

  const State& before_;
  std::string stream_;
  std::string first_objection_;
  size_t part_ = 0;
  std::map<std::string, size_t> at_;  // stream -> line of this event
  std::vector<HistoryLine> lines_;
};

}  // namespace

std::vector<HistoryLine> HistoryOf(const State& before,
                                   const std::string& stream,
                                   const v1::Transition& transition) {
  Gathering gathering(before, stream);
  const auto& events = transition.events();
  const bool batch = !events.empty() && events[0].has_batch_decided();
  for (int i = 0; i < events.size(); ++i) {
    gathering.Add(static_cast<size_t>(i), events[i], batch);
  }
  return gathering.Take();
}

std::vector<std::string> SignersOf(const State& after,
                                   const v1::Transition& transition) {
  std::set<std::string> actors;
  for (const v1::Signature& signature : transition.command().signatures()) {
    const auto key = after.keys.find(signature.key_id());
    if (key != after.keys.end()) actors.insert(key->second.actor);
  }
  return {actors.begin(), actors.end()};
}

}  // namespace dataip::registryd
