#include "compiler/ir/analysis/dominators.h"

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

Dominators::Dominators(const Function& function, const ControlFlow& flow)
    : function_(function),
      split_(function.block_count()),
      places_(function.inst_count()),
      first_raises_(function.block_count()),
      parents_(2 * function.block_count(), kNone),
      orders_(parents_.size()),
      first_child_(parents_.size(), kNone),
      next_sibling_(parents_.size(), kNone),
      enter_(parents_.size()),
      leave_(parents_.size()) {
  walk_blocks(function, [&](Block block) {
    const std::vector<Inst>& insts = function.block(block).insts;
    for (uint32_t i = 0; i < insts.size(); ++i) places_[insts[i].index()] = i;
    first_raises_[block.index()] = static_cast<uint32_t>(first_raise(function, block));
    split_[block.index()] = first_raises_[block.index()] < insts.size();
  });
  walk_regions(function, [&](Region region) { find(region, flow); });
}

/// From which part of `from` an edge to `to` leaves. Where the handler is a target too, its edge from the head counts,
/// since the head dominates the tail.
Dominators::Node Dominators::predecessor_node(Block from, Block to) const {
  return function_.block(from).handler == to ? head(from) : exit(from);
}

void Dominators::find(Region region, const ControlFlow& flow) {
  std::vector<Node> order;
  for (Block block : flow.reverse_postorder(region)) {
    order.push_back(head(block));
    if (split(block)) order.push_back(tail(block));
  }
  for (uint32_t i = 0; i < order.size(); ++i) orders_[order[i]] = i;

  Node root = order.front();
  parents_[root] = root;
  for (bool changed = true; changed;) {
    changed = false;
    for (Node node : order) {
      if (node == root) continue;
      Node parent = kNone;
      if (node == tail(block_of(node))) {
        parent = head(block_of(node));
      } else {
        for (Block from : flow.predecessors(block_of(node))) {
          Node predecessor = predecessor_node(from, block_of(node));
          if (parents_[predecessor] != kNone) parent = parent == kNone ? predecessor : intersect(parent, predecessor);
        }
      }
      changed = changed || parents_[node] != parent;
      parents_[node] = parent;
    }
  }
  parents_[root] = kNone;
  link(order);
  number(root);
}

Dominators::Node Dominators::intersect(Node a, Node b) const {
  while (a != b) {
    while (orders_[a] > orders_[b]) a = parents_[a];
    while (orders_[b] > orders_[a]) b = parents_[b];
  }
  return a;
}

void Dominators::link(const std::vector<Node>& order) {
  for (size_t i = order.size(); i-- > 1;) {
    Node node = order[i], parent = parents_[node];
    next_sibling_[node] = first_child_[parent];
    first_child_[parent] = node;
  }
}

void Dominators::number(Node root) {
  Node node = root;
  enter_[root] = ++time_;
  while (true) {
    if (Node child = first_child_[node]; child != kNone) {
      node = child;
    } else {
      leave_[node] = time_;
      while (node != root && next_sibling_[node] == kNone) {
        node = parents_[node];
        leave_[node] = time_;
      }
      if (node == root) return;
      node = next_sibling_[node];
    }
    enter_[node] = ++time_;
  }
}

bool Dominators::node_dominates(Node a, Node b) const {
  return enter_[a] != 0 && enter_[b] != 0 && enter_[a] <= enter_[b] && leave_[b] <= leave_[a];
}

Block Dominators::immediate(Block block) const {
  Node parent = parents_[head(block)];
  return parent == kNone ? Block() : block_of(parent);
}

std::vector<Block> Dominators::children(Block block) const {
  std::vector<Block> children;
  for (Node node : {head(block), tail(block)})
    for (Node child = first_child_[node]; child != kNone; child = next_sibling_[child])
      if (child != tail(block)) children.push_back(block_of(child));
  return children;
}

bool Dominators::dominates(Block a, Block b) const { return node_dominates(head(a), head(b)); }

/// The instruction of `region` that `user` is part of; none if it stands elsewhere.
Inst Dominators::climb(Inst user, Region region) const {
  while (user && function_.block(function_.inst(user).block).region != region)
    user = function_.region(function_.block(function_.inst(user).block).region).owner;
  return user;
}

Dominators::Node Dominators::node_after(Inst inst) const {
  Block block = function_.inst(inst).block;
  return places_[inst.index()] < first_raises_[block.index()] ? head(block) : exit(block);
}

bool Dominators::dominates(Inst definition, Inst user) const {
  if (!reachable(function_.inst(user).block)) return true;
  Block block = function_.inst(definition).block;
  user = climb(user, function_.block(block).region);
  if (!user) return false;
  Block user_block = function_.inst(user).block;
  if (!reachable(user_block)) return true;
  if (block == user_block) return places_[definition.index()] < places_[user.index()];
  return node_dominates(node_after(definition), head(user_block));
}

bool Dominators::visible(Value value, Inst user) const {
  const ValueData& data = function_.value(value);
  if (!data.is_param) return dominates(Inst(data.definer), user);
  if (!reachable(function_.inst(user).block)) return true;
  Block block(data.definer);
  user = climb(user, function_.block(block).region);
  if (!user) return false;
  return !reachable(function_.inst(user).block) || dominates(block, function_.inst(user).block);
}

}  // namespace metate::ir
