// Plants faults into a copy of the sources, one at a time, and shows that the test named beside each of them fails:
//
//   npm run test:planted
//   npm run test:planted -- src/plan/exact.ts      only those whose sentence, file or test holds this
//   npm run test:planted -- --from 96              only the 96th and those after it
//
// A test that cannot fail proves nothing. Each fault is one that would hurt a user: a document uploaded twice, a group
// deleted that nobody named, a value in a log.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');

/** Without a title, any test of the file may notice the fault. */
const FAULTS = [
  {
    fault: 'a POST whose outcome is unknown is sent again',
    file: 'src/telnyx/session.ts',
    from: "if (request.repeat === 'never' && last.processed === 'perhaps') throw",
    to: 'if (false) throw',
    test: ['test/telnyx/client.test.ts', 'leaves the outcome of a POST unknown, at once'],
  },
  {
    fault: 'a reviewed plan covers whatever else its groups lack by now',
    file: 'src/plan/exact.ts',
    from: '...(group?.values ?? []), ',
    to: '',
    test: ['test/program/exit-codes.test.ts', 'would overwrite, by now, a value that it does not show'],
  },
  {
    fault: 'a value that somebody changed after the review is written over',
    file: 'src/plan/exact.ts',
    from: 'before !== shown.get(key)?.before',
    to: 'before === undefined',
    test: ['test/program/reviewed-plan.test.ts', 'is refused by every door, which name the value'],
  },
  {
    fault: 'a group that was declined after the review is ordered with',
    file: 'src/plan/exact.ts',
    from: 'if (status !== seen && !statusesOnTheWay(change?.actions ?? []).has(status))',
    to: 'if (status === undefined)',
    test: ['test/program/reviewed-plan.test.ts', 'is not placed with a group that was declined since'],
  },
  {
    fault: 'a group is deleted with values that nobody saw',
    file: 'src/plan/exact.ts',
    from: 'if (seen.content !== content)',
    to: 'if (false)',
    test: ['test/plan/exact.test.ts', 'is an orphan in the status, and with the values, that were shown'],
  },
  {
    fault: 'a plan of one account is carried out on another',
    file: 'src/plan/exact.ts',
    from: 'shown.some((user) => now.includes(user))',
    to: 'shown.length > 0',
    test: ['test/program/reviewed-plan.test.ts', 'is refused by another one with the same key of plans'],
  },
  {
    fault: 'a fingerprint stays the same whatever the group holds that it changes',
    file: 'src/kinds/requirement-group/describe.ts',
    from: 'change.observed === null ? null : observedEnd(change.observed)',
    to: 'null',
    test: ['test/plan/exact.test.ts', 'is submitted with the others, so that it must be what it was'],
  },
  {
    fault: 'an order is placed without the group that its reviewed plan shows',
    file: 'src/plan/exact.ts',
    from: "if (!fresh.actions.includes('create')) return null;",
    to: 'return null;',
    test: [
      'test/program/orders/number-orders.test.ts',
      'was reviewed with its group, and is never placed without it',
    ],
  },
  {
    fault: 'a manifest takes a group of another scope by its reference',
    file: 'src/manifest/resolution.ts',
    from: 'if (isMadeByRegsync(tidy)) return RESERVED;',
    to: '',
    test: ['test/resolve/resolve.test.ts', 'regsync/other/a'],
  },
  {
    fault: 'the client of a plan may write',
    file: 'src/telnyx/client.ts',
    from: "openClient(new ApiSession(options, 'read'))",
    to: "openClient(new ApiSession(options, 'write'))",
    test: ['test/telnyx/client.test.ts', 'cannot POST, even by a cast'],
  },
  {
    fault: 'a 429 counts as refused for good',
    file: 'src/telnyx/answer.ts',
    from: "if (status === 429) return { kind: 'limited' };",
    to: '',
    test: ['test/telnyx/client.test.ts', 'is repeated even if it is a POST: 429'],
  },
  {
    fault: 'a list without totals is believed as soon as it is read',
    file: 'src/telnyx/reading.ts',
    from: 'return last === null ? repeats && rows.size !== PAGE_SIZE : last === 1;',
    to: 'return true;',
    test: ['test/telnyx/paging.test.ts', 'is read again when a row moved to one of many pages'],
  },
  {
    fault: 'a list whose second page repeats the first is read to its end',
    file: 'src/telnyx/paging.ts',
    from: 'if (reading.repeats && earlier.some((one) => one.repeats))',
    to: 'if (false)',
    test: ['test/telnyx/paging.test.ts', 'is far longer by its own account'],
  },
  {
    fault: 'a list is believed after two readings, whatever the later lacks',
    file: 'src/telnyx/reading.ts',
    from: 'every((key) => later.rows.has(key))',
    to: 'some((key) => later.rows.has(key))',
    test: ['test/telnyx/paging.test.ts', 'is not believed when two readings both miss a row'],
  },
  {
    fault: 'a redirect is taken for an answer',
    file: 'src/telnyx/answer.ts',
    from: 'if (status < 300)',
    to: 'if (status < 400)',
    test: ['test/telnyx/client.test.ts', 'of status 307 is not followed'],
  },
  {
    fault: 'a lost answer is not looked up',
    file: 'src/kinds/writing/make-once.ts',
    from: 'const [id, ...others] = await lookUp(context, making);',
    to: 'const [id, ...others] = [] as RemoteId[];',
    test: [
      'test/program/trouble/interruption.test.ts',
      'drop_after at POST ^/documents$ is looked up, not repeated blindly',
    ],
  },
  {
    fault: 'an interruption hides that an answer was lost',
    file: 'src/kinds/writing/ambiguous-write.ts',
    from: 'if (error instanceof InterruptedError) throw lost;',
    to: '',
    test: [
      'test/program/trouble/interruption.test.ts',
      'of ^/requirement_groups$ is said to have an unknown outcome, and found by the next run',
    ],
  },
  {
    fault: 'what was written is not read back',
    file: 'src/kinds/requirement-group/write.ts',
    from: 'if (missing.length === 0) return group;',
    to: 'return group;',
    test: [
      'test/program/exit-codes.test.ts',
      'a write that answers 200 and changes nothing; the next run repairs it',
    ],
  },
  {
    fault: 'a replaced group is deleted before its successor stands',
    file: 'src/kinds/requirement-group/apply.ts',
    from: 'const group = await writeGroup(run, change, change.desired, progress);',
    to: 'for (const old of change.deletes) await remove(run.writer, old.id);\n    const group = await writeGroup(run, change, change.desired, progress);',
    test: [
      'test/program/exit-codes.test.ts',
      'with --allow-replace the new group comes first and the old one goes last',
    ],
  },
  {
    fault: 'an approval that came since the plan is patched away',
    file: 'src/kinds/requirement-group/look.ts',
    from: 'differences.unshift(...otherStatus(group.status, plannedStatus));',
    to: '',
    test: [
      'test/program/trouble/changed-meanwhile.test.ts',
      'keeps the approval that came while the apply was at work on others, which go on',
    ],
  },
  {
    fault: 'a group is patched that was answered in the place of another',
    file: 'src/telnyx/endpoints/rows.ts',
    from: 'if (row.id.toLowerCase() === asked?.toLowerCase()) return row;',
    to: 'if (asked !== undefined) return row;',
    test: [
      'test/program/mistakes/malformed-answers.test.ts',
      'never stand for another object: a group that is answered in the place of the one that was asked for',
    ],
  },
  {
    fault: 'a value that nobody saw is submitted beside those of the manifest',
    file: 'src/kinds/requirement-group/look.ts',
    from: 'return new Set([...stated, ...held]);',
    to: 'return new Set(stated);',
    test: [
      'test/program/trouble/changed-meanwhile.test.ts',
      'and got another value meanwhile that its manifest does not state is not submitted',
    ],
  },
  {
    fault: 'numbers are ordered with a group that was declined since the plan',
    file: 'src/kinds/number-order/place.ts',
    from: 'if (groupId !== null) await lookBeforeOrder(run, change, groupId);',
    to: '',
    test: [
      'test/program/orders/number-orders-by-number.test.ts',
      'is not placed with a group that was there before and that was declined meanwhile',
    ],
  },
  {
    fault: 'two orders of one manifest stop the whole repository',
    file: 'src/model/plan/plan.ts',
    from: "  'duplicate-orders',\n",
    to: '',
    test: [
      'test/program/orders/number-orders.test.ts',
      'twice under one reference fails with both ids, nothing is placed, and everything else goes on',
    ],
  },
  {
    fault: 'a group is pruned although it was approved since the plan',
    file: 'src/kinds/requirement-group/apply.ts',
    from: 'if (await lookBeforeDelete(run, old)) await remove(run.writer, old.id);',
    to: 'await remove(run.writer, old.id);',
    test: ['test/program/trouble/changed-meanwhile.test.ts', 'and was approved meanwhile stays'],
  },
  {
    fault: 'the younger of two groups that were made at once is submitted',
    file: 'src/kinds/requirement-group/identity/twins.ts',
    from: 'if (oldest.id !== made.id) {',
    to: 'if (false) {',
    test: [
      'test/program/trouble/changed-meanwhile.test.ts',
      'and was made by somebody a moment before is neither submitted nor used',
    ],
  },
  {
    fault: 'a group is made without a look whether it is there by now',
    file: 'src/kinds/requirement-group/look.ts',
    from: 'planned === null ? await findMade(run, desired) :',
    to: 'planned === null ? null :',
    test: [
      'test/program/trouble/changed-meanwhile.test.ts',
      'and is there by now as it is wanted is not made a second time',
    ],
  },
  {
    fault: 'an apply takes over the lock of one that runs',
    file: 'src/cli/apply/lock.ts',
    from: '      refuseLiving(path, other, own);\n',
    to: '',
    test: [
      'test/cli/apply/lock.test.ts',
      'another of the same checkout is refused, says by whom and what to do, and changes nothing',
    ],
  },
  {
    fault: 'an apply whose log is lost says that all is well',
    file: 'src/cli/apply/report.ts',
    from: 'return isLeft || isLost ?',
    to: 'return isLeft ?',
    test: ['test/program/trouble/environment.test.ts', 'a full disk under the log of an apply'],
  },
  {
    fault: 'an order that carries the values gets them again',
    file: 'src/kinds/requirement-group/orders/attachment.ts',
    from: "if (state !== 'differs') return [];",
    to: "if (state !== 'differs' && state !== 'carries') return [];",
    test: [
      'test/kinds/requirement-group/orders/attachment.test.ts',
      'an order that is left alone says why equal',
    ],
  },
  {
    fault: 'what is approved on an order counts as a difference',
    file: 'src/model/orders/observed-order.ts',
    from: "return status === null ? value.isEmpty : status !== 'approved';",
    to: 'return status === null ? value.isEmpty : true;',
    test: ['test/kinds/requirement-group/orders/attachment.test.ts', 'another text, approved'],
  },
  {
    fault: 'a lost attachment is sent again without looking',
    file: 'src/kinds/requirement-group/orders/attach.ts',
    from: 'find: async () => ((await awaitValues(context, group, order)) ? true : null),',
    to: 'find: async () => null,',
    test: [
      'test/program/orders/attach-interruption.test.ts',
      'drop_after at ^/sub_number_orders/[^/]+/requirement_group$ ends with the values on the order, and in one run',
    ],
  },
  {
    fault: 'an interruption hides that an order may have been given its values',
    file: 'src/kinds/requirement-group/orders/attach.ts',
    from: 'if (stopsAll && failures.length === 0) throw error;',
    to: 'if (stopsAll) throw error;',
    test: [
      'test/program/orders/attach-interruption.test.ts',
      'is never said to be left alone, when its answer was lost and the next is not begun',
    ],
  },
  {
    fault: 'an order is not read back',
    file: 'src/kinds/requirement-group/orders/attach.ts',
    from: 'if (isSeen || (await awaitValues(context, group, order))) return;',
    to: 'if (isSeen || order.isOpen) return;',
    test: [
      'test/program/orders/attach.test.ts',
      'a 200 that changed nothing is a failure, and the next run repairs it',
    ],
  },
  {
    fault: 'a reviewed plan lets other orders through',
    file: 'src/plan/exact-orders.ts',
    from: 'if (seen === undefined) return sentence`it would attach',
    to: 'if (seen === undefined) continue;\n    if (requirements.length === 0) return sentence`it would attach',
    test: [
      'test/program/orders/attach.test.ts',
      'attaches to the orders that were reviewed, and refuses others',
    ],
  },
  {
    fault: 'a plan shows what a porting order says of its end user',
    file: 'src/kinds/porting-order/describe.ts',
    from: 'fingerprintValue(keys, ownerOf(change), path, form)',
    to: 'reveal(form)',
    test: ['test/program/orders/porting-orders.test.ts', 'is in any output, whatever happens'],
  },
  {
    fault: 'a porting order that is closed is changed nonetheless',
    file: 'src/kinds/porting-order/plan.ts',
    from: "held.isOpen || ruleOf(path).written === 'always'",
    to: "held.isOpen || ruleOf(path).written !== 'never'",
    test: ['test/program/orders/porting-orders.test.ts', 'gets only what is not about the port: submitted'],
  },
  {
    fault: 'a key of a porting order that nobody has filled in clears what is there',
    file: 'src/kinds/porting-order/settings.ts',
    from: 'if (written === null && locate(origin.node, steps).node.isEmpty) {',
    to: 'if (written === null && steps.length === 0) {',
    test: [
      'test/program/orders/porting-orders.test.ts',
      'is refused without a request, each mistake at its line',
    ],
  },
  {
    fault: 'a group that lacks values is attached',
    file: 'src/kinds/requirement-group/orders/attachment.ts',
    from: "return isFulfilled || (actions.length > 0 && kind !== 'advanced_order');",
    to: 'return true;',
    test: [
      'test/kinds/requirement-group/orders/attachment.test.ts',
      'its group is not fulfilled: a value is missing',
    ],
  },
  {
    fault: 'an action is started again after a lost answer',
    file: 'src/kinds/writing/start-actions.ts',
    from: 'if (started === null) throw error;',
    to: 'if (started === null) await requests.send(context.start.names);',
    test: [
      'test/kinds/writing/start-actions.test.ts',
      'is looked for where its answer is lost, and never repeated',
    ],
  },
  {
    fault: 'an action is started though somebody else has started it',
    file: 'src/kinds/writing/start-actions.ts',
    from: 'if (differences.length > 0) throw changed(start, current, differences);',
    to: '',
    test: [
      'test/kinds/writing/start-actions.test.ts',
      'is refused where it was started for somebody else since the plan',
    ],
  },
  {
    fault: 'a reviewer may quote the link of a person',
    file: 'src/cli/session/know-holdings.ts',
    from: '[...sent.values(), ...(link === null ? [] : [link])]',
    to: '[...sent.values()]',
    test: [
      'test/properties/action-secrecy.test.ts',
      'are in nothing that a run shows, whatever the API sends back',
    ],
  },
  {
    fault: 'an advanced order is given a group in place of one that the plan does not show',
    file: 'src/kinds/requirement-group/orders/attach-advanced.ts',
    from: "if (differences.length > 0) throw changedSincePlanned('the order', differences);",
    to: '',
    test: [
      'test/kinds/requirement-group/orders/attach-advanced.test.ts',
      'was given a third group since the plan',
    ],
  },
  {
    fault: 'two groups take turns with one order',
    file: 'src/kinds/requirement-group/orders/orders.ts',
    from: 'problems.push(claimedTwice(one, order, owner));',
    to: '',
    test: ['test/program/orders/attach.test.ts', 'names an order that another group has, whole or in part'],
  },
  {
    fault: 'settings that a write to a porting order loses are not missed',
    file: 'src/kinds/porting-order/apply.ts',
    from: 'lost = held === null ? [] : findLost(before, held, patch);',
    to: 'lost = [];',
    test: ['test/program/orders/porting-orders.test.ts', 'takes for the whole of `end_user`'],
  },
  {
    fault: 'a porting order is written although it changed since it was planned',
    file: 'src/kinds/porting-order/apply.ts',
    from: '  if (changes.length > 0) throw changedSincePlanned(what, changes, source);\n',
    to: '',
    test: ['test/program/orders/porting-orders.test.ts', 'has another passcode since it was planned'],
  },
  {
    fault: 'an order is placed without looking for it before',
    file: 'src/kinds/number-order/place.ts',
    from: 'if (earlier !== null) {',
    to: 'if (change.observed !== null && earlier !== null) {',
    test: [
      'test/program/orders/number-order-writes.test.ts',
      'and lists that lag do not place it twice: it is looked for again right before',
    ],
  },
  {
    fault: 'an edited label buys the numbers again',
    file: 'src/kinds/number-order/match.ts',
    from: 'if (holders.exact.length > 0) return { ...one, candidates: holders.exact };',
    to: '',
    test: ['test/program/orders/number-orders-by-number.test.ts', 'has another name is found by its numbers'],
  },
  {
    fault: 'numbers that another order has are ordered a second time',
    file: 'src/kinds/number-order/match.ts',
    from: 'if (holders.partial.length > 0) refusals.push(orderedAlready(one.order, holders.partial));\n    else if',
    to: 'if',
    test: [
      'test/program/orders/number-orders-by-number.test.ts',
      'has one of the numbers refuses the manifest',
    ],
  },
  {
    fault: 'an order is placed although somebody ordered its numbers since it was planned',
    file: 'src/kinds/number-order/place.ts',
    from: '  await refuseHeldNumbers(run, change);\n',
    to: '',
    test: [
      'test/kinds/number-order/apply.test.ts',
      'is not placed where another order has its numbers by now',
    ],
  },
  {
    fault: 'two runs place the same order, and neither says so',
    file: 'src/kinds/number-order/place.ts',
    from: '  await lookForAnother(run, change, placed, progress);\n',
    to: '',
    test: [
      'test/program/orders/number-orders-by-number.test.ts',
      'said with both ids by a run whose own is younger',
    ],
  },
  {
    fault: 'an order is edited although it changed since it was planned',
    file: 'src/kinds/number-order/edit.ts',
    from: '  if (differences.length > 0) throw changedSincePlanned(what, differences, source);\n',
    to: '',
    test: ['test/kinds/number-order/apply.test.ts', 'and holds another value since then is left alone'],
  },
  {
    fault: 'a reference that Telnyx dropped makes a group in each run',
    file: 'src/kinds/requirement-group/apply.ts',
    from: '  refuseCopyWithoutReference(run.observed, desired, values);\n',
    to: '',
    test: ['test/program/trouble/tidied-references.test.ts', 'references: drop'],
  },
  {
    fault: 'a reference that Telnyx may tidy is sent as it is',
    file: 'src/manifest/resolution.ts',
    from: 'return stated === tidy ? null : untidy(tidy);',
    to: 'return null;',
    test: ['test/resolve/resolve.test.ts', 'that Telnyx may store otherwise is a problem'],
  },
  {
    fault: 'an order that waits before it is placed keeps others from beginning',
    file: 'src/kinds/writing/run.ts',
    from: 'await run.places.outside(() => run.writer.wait(milliseconds));',
    to: 'await run.writer.wait(milliseconds);',
    test: [
      'test/program/orders/number-order-writes.test.ts',
      'several wait side by side before they are placed, and each is looked for three times',
    ],
  },
  {
    fault: 'an order is placed behind a closed gate',
    file: 'src/kinds/number-order/plan.ts',
    from: '...(input.gates.allow_orders ? [] : [notAllowed(order)]),',
    to: '',
    test: [
      'test/program/orders/number-orders.test.ts',
      'is not placed as long as the gate is closed, and nothing else is done either',
    ],
  },
  {
    fault: 'an order is placed although its group failed',
    file: 'src/kinds/number-order/apply.ts',
    from: "if (outcome !== undefined && outcome.status !== 'applied') {",
    to: 'if (outcome !== undefined && outcome.id === null && false) {',
    test: [
      'test/program/orders/number-orders.test.ts',
      'is skipped when its group fails in the same run, and placed by the next one',
    ],
  },
  {
    fault: 'what was ordered is not read back',
    file: 'src/kinds/number-order/place.ts',
    from: 'if (!hasNumbers(row, change)) missing',
    to: 'if (row.id === null) missing',
    test: [
      'test/program/orders/number-order-writes.test.ts',
      'with other numbers than were ordered is no success, and is not placed again',
    ],
  },
  {
    fault: 'a declined group is submitted again unasked',
    file: 'src/kinds/requirement-group/plan.ts',
    from: "isOpenFor(gates, 'resubmit', group.name) && ",
    to: 'gates !== null && ',
    test: [
      'test/program/resubmit.test.ts',
      'nothing is submitted again unasked, neither after a decline nor after an answer',
    ],
  },
  {
    fault: 'a reviewed plan that submits the same again needs no leave where it is applied',
    file: 'src/plan/gates.ts',
    from: 'resubmit: isResubmitted,',
    to: 'resubmit: () => false,',
    test: ['test/program/action/gates.test.ts', 'needs resubmit on the side that applies'],
  },
  {
    fault: 'a question that came after the review does not stop the same content',
    file: 'src/plan/exact-resubmission.ts',
    from: 'return index < 0;',
    to: 'return false;',
    test: ['test/plan/exact-rules.test.ts', 'that came after the plan stop the same content'],
  },
  {
    fault: 'a summary is added to the configuration',
    file: 'src/cli/session/outputs.ts',
    from: 'read.has(path) || isSourceIn(root, path)',
    to: 'false',
    test: ['test/program/outputs.test.ts', 'is refused before anything is done'],
  },
  {
    fault: 'an advanced order with old values is forgotten once its group is submitted',
    file: 'src/kinds/requirement-group/submit-and-attach.ts',
    from: 'submits && (failed === null || !isPlannedAgain(group))',
    to: 'submits',
    test: ['test/program/orders/advanced-orders.test.ts', 'is in the next plan again'],
  },
  {
    fault: 'the comment about an older commit counts',
    file: 'src/forge/sticky.ts',
    from: 'head !== null && marker.head === head',
    to: 'head === marker.fingerprint',
    test: ['test/forge/sticky.test.ts', 'of the commit, though it is the younger'],
  },
  {
    fault: 'a group is replaced in the change that removes the line against it',
    file: 'src/kinds/requirement-group/plan-kept.ts',
    from: 'find((one) => kept.has(one))',
    to: 'find(() => false)',
    test: ['test/kinds/requirement-group/plan-watched.test.ts', 'in the change that removes the line'],
  },
  {
    fault: 'a plan that showed new content lets the same content be submitted again',
    file: 'src/plan/exact-resubmission.ts',
    from: 'if (!isResubmitted(reviewed))',
    to: 'if (false)',
    test: [
      'test/plan/exact.test.ts',
      'when the same content would be submitted again, and new content was shown',
    ],
  },
  {
    fault: 'a reply whose answer is lost is sent again without a look',
    file: 'src/apply/reply.ts',
    from: 'find: look,',
    to: 'find: async () => null,',
    test: ['test/program/reply.test.ts', 'whose answer is lost is looked up, and not sent again'],
  },
  {
    fault: 'a reply is sent again each time that it is typed',
    file: 'src/cli/reply/reply.ts',
    from: 'const isSent = text !== null && isSaid(talk.comments, text);',
    to: 'const isSent = text === null && isSaid(talk.comments, "");',
    test: [
      'test/program/reply.test.ts',
      'is not sent twice, however often it is typed, unless the reviewer wrote again',
    ],
  },
  {
    fault: 'a reply with a key in it is sent',
    file: 'src/cli/reply/reply.ts',
    from: 'if (text === null || cover(text) === text) return;',
    to: 'if (text === null || cover(text) !== "") return;',
    test: ['test/program/reply.test.ts', 'with a key in it'],
  },
  {
    fault: 'a PATCH holds all requirements',
    file: 'src/kinds/requirement-group/plan.ts',
    from: 'if (current !== undefined && isHeld(current.value, value, observed)) continue;',
    to: '',
    test: ['test/program/life-cycle.test.ts', 'patches only the requirement that changed'],
  },
  {
    fault: 'the record of the doctor keeps what answers say',
    file: 'src/doctor/shape.ts',
    from: "return FORMS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';",
    to: 'return text;',
    test: ['test/security/doctor-canary.test.ts', 'says no text that the account holds'],
  },
  {
    fault: 'the doctor takes a list that no plan can read for one that it can',
    file: 'src/cli/doctor/ask.ts',
    from: '(ignoresPaging({ first, second }) ? await tryToRead(asker, probe) : null)',
    to: 'null',
    test: ['test/doctor/quirks.test.ts', 'is found out by reading as a plan reads'],
  },
  {
    fault: 'a filter that overlooks what regsync made counts as exact',
    file: 'src/doctor/filter-assumptions.ts',
    from: 'if (!referencesIn(rowsIn(exact.body) ?? []).includes(reference)) {',
    to: 'if (false) {',
    test: ['test/doctor/assumptions.test.ts', 'a filter that misses'],
  },
  {
    fault: 'a missing key ends without a word of the doctor',
    file: 'src/cli/program.ts',
    from: 'if (ending.doctorHelps && mayBeTyped(args))',
    to: 'if (false)',
    test: ['test/cli/doctor/doctor.test.ts', 'point to it, once, where the key is missing'],
  },
  {
    fault: 'a mask knows nothing of what manifests hold',
    file: 'src/cli/session/read-state.ts',
    from: 'knowHoldings(redactor, worlds);',
    to: '',
    test: ['test/program/redaction.test.ts', 'shows nothing of what its group has held since an earlier run'],
  },
  {
    fault: 'groups outside the scope are pruned',
    file: 'src/kinds/requirement-group/identity/match.ts',
    from: 'references.scopePrefix(scope)',
    to: "''",
    test: ['test/program/gates.test.ts', 'are deleted with --prune, and nothing else is'],
  },
  {
    fault: 'a group whose reference only looks like ours is pruned',
    file: 'src/kinds/requirement-group/identity/match.ts',
    from: 'reference?.startsWith(references',
    to: 'reference?.trim().startsWith(references',
    test: ['test/kinds/requirement-group/identity/match.test.ts', 'are not what only looks like it'],
  },
  {
    fault: 'one of several groups with one reference is guessed',
    file: 'src/kinds/requirement-group/identity/match.ts',
    from: 'if (others.length === 0) return { group: found, superseded: [] };',
    to: 'return { group: found, superseded: [] };',
    test: [
      'test/kinds/requirement-group/identity/match.test.ts',
      'several groups with one reference and combination',
    ],
  },
  {
    fault: 'a manifest that could mean several groups stops all the others',
    file: 'src/model/plan/plan.ts',
    from: "new Set([\n  'duplicate-groups',\n",
    to: 'new Set([\n',
    test: [
      'test/program/trouble/ownership.test.ts',
      'fail their own manifest: the others are applied, exit 4',
    ],
  },
  {
    fault: 'an order is placed without the group that could not be told',
    file: 'src/kinds/number-order/group-to-order-with.ts',
    from: "if (match?.rivals !== undefined) return { bound, state: 'undecided' };",
    to: '',
    test: ['test/program/trouble/ownership.test.ts', 'keep an order from being placed, and no other order'],
  },
  {
    fault: 'a renamed manifest makes a second group without a word',
    file: 'src/kinds/requirement-group/attention.ts',
    from: '...alreadyThere(input.group, input.match, input.observed),',
    to: '',
    test: [
      'test/program/trouble/ownership.test.ts',
      'is named with its id: line when the manifest is renamed; with that line the plan is empty',
    ],
  },
  {
    fault: 'a changed scope adopts nothing',
    file: 'src/kinds/requirement-group/identity/match.ts',
    from: 'candidates.length > 0 ? null : formerReference(ownership, group)',
    to: 'null as Reference | null',
    test: [
      'test/program/trouble/ownership.test.ts',
      'adopts groups by name: references change, nothing else',
    ],
  },
  {
    fault: 'a group whose manifest is deleted under review is forgotten',
    file: 'src/kinds/requirement-group/plan-orphans.ts',
    from: '...(base === undefined ? [] : noLongerManaged(base, observed, deleted)),',
    to: '',
    test: ['test/program/trouble/ownership.test.ts', 'has its group named, whatever its reference'],
  },
  {
    fault: 'a narrowed run prunes',
    file: 'src/kinds/requirement-group/plan-orphans.ts',
    from: 'const prune = input.gates.prune && withoutChange(input.narrowedBy).length === 0;',
    to: 'const prune = input.gates.prune;',
    test: ['test/program/gates.test.ts', 'are judged against all manifests and pruned by no narrowed run'],
  },
  {
    fault: 'a run of a change prunes orphans that it did not leave behind',
    file: 'src/model/plan/changed.ts',
    from: 'if (changed === undefined) return orphans;',
    to: 'return orphans;',
    test: ['test/program/narrowing/changed-since.test.ts', 'with --prune, and no other orphan'],
  },
  {
    fault: 'a merge does more than its pull request touches',
    file: 'src/cli/apply/apply-reviewed.ts',
    from: '    ...(changed === undefined ? {} : { changed }),\n',
    to: '',
    test: ['test/program/action/own-changes.test.ts', 'and its merge touches these three'],
  },
  {
    fault: 'an order that is placed with a touched group is left out of the change',
    file: 'src/resolve/touched.ts',
    from: "if (group !== null && touched.has(manifestKey('RequirementGroup', group.name)))",
    to: 'if (group === undefined)',
    test: ['test/resolve/touched.test.ts', 'a group and the order of its values'],
  },
  {
    fault: 'an approved orphan is pruned unasked',
    file: 'src/kinds/requirement-group/plan-orphans.ts',
    from: "const spared = orphan.status === 'approved' && !input.gates.allow_delete.includes(name);",
    to: 'const spared = false;',
    test: ['test/program/gates.test.ts', 'an approved one stays unless it is named; the others go'],
  },
  {
    fault: 'one deletion too many is allowed',
    file: 'src/kinds/requirement-group/limits.ts',
    from: 'if (deletes > limits.maxDeletes) {',
    to: 'if (deletes > limits.maxDeletes + 1) {',
    test: ['test/plan/plan.test.ts', 'deleting one more than max_deletes'],
  },
  {
    fault: 'declined content is submitted again',
    file: 'src/kinds/requirement-group/approval.ts',
    from: "equal: { ...NOTHING, attention: 'declined' },",
    to: "equal: { write: 'nothing', submit: true, attention: 'declined' },",
    test: [
      'test/program/life-cycle.test.ts',
      'never submits declined content again, and shows what the reviewer wrote',
    ],
  },
  {
    fault: 'a document is reused because of its reference, whatever its digest is',
    file: 'src/model/text/same-content.ts',
    from: 'if (document.sha256 !== null) return document.sha256 === sha256;',
    to: '',
    test: ['test/program/trouble/taken-references.test.ts', 'is a document that is never linked'],
  },
  {
    fault: 'an address is reused because of its reference, whatever its fields are',
    file: 'src/model/text/same-content.ts',
    from: 'if (isOurs) return differingFields(stated.fields, held.fields).length === 0;',
    to: 'if (isOurs) return true;',
    test: ['test/program/trouble/taken-references.test.ts', 'is an address that is never linked'],
  },
  {
    fault: 'an upload that is answered with another digest is linked',
    file: 'src/kinds/document/upload.ts',
    from: 'if (stored === null || stored === document.sha256) return;',
    to: 'return;',
    test: ['test/program/trouble/taken-references.test.ts', 'to an upload is a failure'],
  },
  {
    fault: 'an upload that Telnyx may have deleted is reused',
    file: 'src/kinds/values/reuse.ts',
    from: '<= UNLINKED_REUSE_LIMIT_MS',
    to: '<= 10 * UNLINKED_REUSE_LIMIT_MS',
    test: ['test/plan/plan.test.ts', 'an upload that is unlinked for longer'],
  },
  {
    fault: 'the fingerprint is over what is shown, lines of files with it',
    file: 'src/plan/describe.ts',
    from: 'changes.map((change) => roomOf(change).startAndEnd(change)).sort(byText)',
    to: 'changes.map((change) => roomOf(change).describe(change, keys))',
    test: ['test/plan/describe.test.ts', 'knows nothing of file positions, so a manifest may move'],
  },
  {
    fault: 'equal values look equal in every group',
    file: 'src/kinds/values/fingerprint.ts',
    from: '[group, requirementId, reveal(form)]',
    to: '[requirementId, reveal(form)]',
    test: [
      'test/plan/describe.test.ts',
      'shows equal fingerprints for equal values and other ones in other groups',
    ],
  },
  {
    fault: 'a plan file may be altered',
    file: 'src/plan/exact.ts',
    from: "return typeof mac === 'string' && digestsEqual(mac, macOf(signed, keys));",
    to: "return typeof mac === 'string' && macOf(signed, keys) !== '';",
    test: [
      'test/program/exit-codes.test.ts',
      'a plan that was reviewed and has become stale, a changed one, and a broken one',
    ],
  },
  {
    fault: 'a stale plan is applied',
    file: 'src/plan/exact.ts',
    from: 'if (!digestsEqual(reviewed.digest, fresh.digest)) {',
    to: 'if (false) {',
    test: ['test/plan/exact.test.ts', 'when a value to write is another one'],
  },
  {
    fault: 'what a reviewer quotes is shown',
    file: 'src/cli/session/know-holdings.ts',
    from: 'redactWhole(body.slice(0, MAX_REDACTED_LENGTH), texts, acceptable)',
    to: 'body.slice(0, MAX_REDACTED_LENGTH)',
    test: ['test/program/life-cycle.test.ts', 'masks a value that a reviewer quotes'],
  },
  {
    fault: 'the text of a comment is not covered by its MAC',
    file: 'src/forge/marker.ts',
    from: "return equal(text, sealOf(body, sign)) ? 'intact' : 'edited';",
    to: "return 'intact';",
    test: ['test/program/action/edited-comments.test.ts', 'edited: a line out of it'],
  },
  {
    fault: 'a reviewed plan that orders needs no leave where it is applied',
    file: 'src/cli/apply/apply.ts',
    from: 'withGatesStatedAgain(planOptions, stated)',
    to: 'planOptions',
    test: ['test/program/action/gates.test.ts', 'needs allow-orders on the side that applies'],
  },
  {
    fault: 'a reviewed plan opens the gates of the run that applies it',
    file: 'src/cli/apply/judge.ts',
    from: 'const shut = closedGates(plan, stated);',
    to: 'const shut = closedGates(plan, plan.options);',
    test: ['test/program/action/gates.test.ts', 'needs prune on the side that applies'],
  },
  {
    fault: 'a late run writes what the newest commit does not want',
    file: 'src/plan/superseded.ts',
    from: 'return counterpart === undefined || !isPartOf(stepsOf(change), stepsOf(counterpart));',
    to: 'return false;',
    test: ['test/program/action/late-runs.test.ts', 'does not undo a merge that took it back'],
  },
  {
    fault: 'a plan that comes in a comment or a file is not held to what it replaces',
    file: 'src/plan/exact.ts',
    from: 'before !== shown.get(key)?.before);',
    to: 'false && before !== shown.get(key)?.before);',
    test: ['test/program/action/doors.test.ts', 'in the same status'],
  },
  {
    fault: "GitHub's lists are read without end",
    file: 'src/forge/client.ts',
    from: 'number <= MAX_PAGES && bytesRead <= MAX_LIST_BYTES',
    to: 'number <= MAX_PAGES',
    test: ['test/github/rest.test.ts', 'of large pages is given up by its bytes'],
  },
  {
    fault: 'links out of the repository are followed',
    file: 'src/manifest/files/read-confined.ts',
    from: 'if (!isInside(root, realPath)) {',
    to: 'if (false) {',
    test: [
      'test/manifest/files/list-manifests.test.ts',
      'are not complete with a folder that is a link out of the repository: a problem',
    ],
  },
  {
    fault: 'manifests that a sparse checkout keeps away count as deleted',
    file: 'src/manifest/files/git-index.ts',
    from: 'if (isSkipped) skipped.push(',
    to: 'if (false) skipped.push(',
    test: [
      'test/program/mistakes/missing-manifests.test.ts',
      'in a sparse checkout is not deleted by --prune',
    ],
  },
  {
    fault: 'the groups of a submodule that was not fetched count as deleted',
    file: 'src/manifest/files/checkout.ts',
    from: '(isEmpty(place) ? [place] :',
    to: '(isEmpty(place) ? [] :',
    test: [
      'test/program/mistakes/missing-manifests.test.ts',
      'in a submodule that was not fetched is not deleted',
    ],
  },
  {
    fault: 'the groups of a repository within this one that was not fetched count as deleted',
    file: 'src/manifest/files/checkout.ts',
    from: 'isEmpty(place) && !unfetched.includes(place)',
    to: 'false',
    test: ['test/manifest/files/checkout.test.ts', 'is missing where its folder is empty'],
  },
  {
    fault: 'a manifest under another name counts as deleted',
    file: 'src/manifest/files/list-manifests.ts',
    from: "if (readsLike(head.toString('utf8')) === 'manifest') return misnamed(path);",
    to: '',
    test: [
      'test/program/mistakes/missing-manifests.test.ts',
      'under the name b.yaml.txt is not deleted by --prune',
    ],
  },
  {
    fault: 'a web page is uploaded as a document',
    file: 'src/manifest/content/stand-in.ts',
    from: 'return isHtml(head) ? HTML : null;',
    to: 'return null;',
    test: [
      'test/program/mistakes/missing-manifests.test.ts',
      'is never uploaded, and neither is what a text has',
    ],
  },
  {
    fault: 'an encrypted web page is uploaded as a document',
    file: 'src/manifest/encryption/read-plaintext.ts',
    from: 'return bytes instanceof Fault ? bytes : (explainBytes(path, bytes) ?? bytes);',
    to: 'return bytes;',
    test: ['test/program/mistakes/missing-manifests.test.ts', 'is not uploaded either when it was encrypted'],
  },
  {
    fault: 'a pattern is compiled whatever its size',
    file: 'src/catalogue/pattern.ts',
    from: ' || estimateProgramSize(regex) > MAX_INSTRUCTIONS',
    to: '',
    test: ['test/catalogue/pattern.test.ts', 'that would become too large a program is never compiled'],
  },
  {
    fault: 'a value that YAML ends at a "#" is sent as far as that',
    file: 'src/manifest/mistakes/written.ts',
    from: 'if (hash !== null) report(hash, path, cutOff(key), ',
    to: 'if (false) report(0, path, cutOff(key), ',
    test: ['test/program/written-values.test.ts', 'ends validate, plan and apply at its line'],
  },
  {
    fault: 'a placeholder in a variable or a file is sent as a value',
    file: 'src/kinds/stated/text-source.ts',
    from: 'const doubts = doubtsAbout(text, WHAT_IS_READ[key]);',
    to: 'const doubts = doubtsAbout(WHAT_IS_READ[key], WHAT_IS_READ[key]);',
    test: ['test/manifest/mistakes/written.test.ts', 'is one in a variable and in a file, too'],
  },
  {
    fault: 'the line ends of a checkout are part of a text',
    file: 'src/model/text/normal-text.ts',
    from: "text.includes('\\r') ? ",
    to: "text.includes('\\r\\r\\r') ? ",
    test: ['test/program/written-values.test.ts', 'are those of the machine, and take no approval'],
  },
  {
    fault: 'a field of an address is sent as it is written, and not as its identity is made of it',
    file: 'src/kinds/address/resolve.ts',
    from: 'new Sensitive(normaliseAddressText(written))',
    to: 'new Sensitive(written)',
    test: ['test/program/written-values.test.ts', 'is sent as the one line that its identity is made of'],
  },
  {
    fault: 'an address is taken for complete although a field was not read',
    file: 'src/kinds/address/resolve.ts',
    from: "if (isUnread) return 'unread';",
    to: '',
    test: ['test/program/address-sources.test.ts', 'is validated without them, planned with fingerprints'],
  },
  {
    fault: 'a decrypted document can be read by everybody on the machine',
    file: 'src/cli/encryption/private-file.ts',
    from: 'const OWNER_ONLY = 0o600;',
    to: 'const OWNER_ONLY = 0o644;',
    test: ['test/cli/encryption/decrypt.test.ts', 'to a temporary file that only its owner reads'],
  },
  {
    fault: 'a document named ...age is decrypted to a folder around the temporary one',
    file: 'src/cli/encryption/decrypt.ts',
    from: "return /^\\.*$/.test(name) ? 'document' : name;",
    to: 'return name;',
    test: ['test/cli/encryption/decrypt.test.ts', 'removes nothing around its folder'],
  },
  {
    fault: 'a group is pruned although its last manifest, of another name, forbade it by its id',
    file: 'src/cli/session/kept-orphans.ts',
    from: '(fields) => fields.id === orphan.id',
    to: '() => false',
    test: ['test/program/guards.test.ts', 'meant by its id'],
  },
  {
    fault: 'a record that was cut off and continued passes for whole',
    file: 'src/cli/record/verify.ts',
    from: 'for (const { line, end } of this.runs)',
    to: 'for (const { line, end } of this.runs.slice(-1))',
    test: ['test/cli/record/verify.test.ts', 'a tail that was cut off before the next run began'],
  },
  {
    fault: 'a policy that answers later is never violated',
    file: 'src/manifest/policies/compile.ts',
    from: "if ('$async' in validate)",
    to: 'if (false)',
    test: ['test/manifest/policies/read-policies.test.ts', 'because it answers later'],
  },
  {
    fault: 'a commit of a plaintext document passes the hook',
    file: 'src/cli/validate/staged-content.ts',
    from: 'return config.allowPlaintextDocuments ? null',
    to: 'return true ? null',
    test: ['test/cli/validate/validate-staged.test.ts', 'refuses a plaintext document that the commit adds'],
  },
  {
    fault: 'an import with --encrypt leaves the fields of addresses readable',
    file: 'src/import/entries.ts',
    from: 'value: sealed === null ? quoted(text)',
    to: 'value: true ? quoted(text)',
    test: [
      'test/cli/import/import.test.ts',
      'documents, texts and address fields are written for the recipients',
    ],
  },
  {
    fault: 'a date is accepted that two programs read as two instants',
    file: 'src/catalogue/criteria.ts',
    from: 'if (isDate(text)) return [];',
    to: 'if (!Number.isNaN(Number(text.slice(0, 4)))) return [];',
    test: ['test/properties/dates.test.ts', 'is one instant, and the same one however the API writes it'],
  },
  {
    fault: 'YAML may be nested as deep as it likes',
    file: 'src/manifest/yaml/tokenise.ts',
    from: 'if (depthOf(parser.stack) > DEEPEST)',
    to: 'if (depthOf(parser.stack) > 1_000_000)',
    test: ['test/manifest/parse.test.ts', 'is fine to 64 levels and a problem beyond'],
  },
  {
    fault: 'a number order is placed again after a lost answer',
    file: 'src/telnyx/endpoints/writes.ts',
    from: "method: 'POST', template, repeat: 'never', body",
    to: "method: 'POST', template, repeat: 'safe', body",
    test: ['test/telnyx/orders.test.ts', 'is never placed twice: a lost answer is an unknown outcome'],
  },
  {
    fault: 'the phone numbers of other orders count as those of one',
    file: 'src/telnyx/endpoints/number-orders.ts',
    from: '? number.numberOrderId === owner.numberOrderId',
    to: '? true',
    test: ['test/telnyx/orders.test.ts', 'are all listed, beyond the fifty of a sub order'],
  },
  {
    fault: 'a text of the wrong type is read as none',
    file: 'src/telnyx/fields.ts',
    from: "return isText(value) ? textOrNull(value) : fail(this.malformed(key, 'a text'));",
    to: 'return isText(value) ? textOrNull(value) : null;',
    test: ['test/program/mistakes/malformed-answers.test.ts', 'never read as none'],
  },
  {
    fault: 'an id that JSON has rounded is believed',
    file: 'src/telnyx/fields.ts',
    from: 'if (Number.isSafeInteger(value)) return String(value);',
    to: "if (typeof value === 'number') return BigInt(value).toString();",
    test: ['test/program/mistakes/malformed-answers.test.ts', 'never name another thing by a rounded id'],
  },
  {
    fault: 'a POST that was answered with success, but without an id, is sent again',
    file: 'src/kinds/writing/ambiguous-write.ts',
    from: 'if (!(error instanceof UnknownOutcomeError) || error === before) throw error;',
    to: 'if (error instanceof AuthenticationError || error === before) throw error;',
    test: [
      'test/program/mistakes/malformed-answers.test.ts',
      'fails its group without another POST, though lists lag',
    ],
  },
  {
    fault: 'groups with malformed answers keep the others from being tried',
    file: 'src/model/errors.ts',
    from: ' && !(error instanceof MalformedAnswerError)',
    to: '',
    test: ['test/program/mistakes/malformed-answers.test.ts', 'fails its own group, and the others go on'],
  },
  {
    fault: 'the values of orders can print themselves',
    file: 'src/telnyx/decode/common.ts',
    from: 'requirementId: id.toLowerCase(),',
    to: "requirementId: id.toLowerCase(), held: row.raw('field_value'),",
    test: ['test/telnyx/orders.test.ts', 'holds values that cannot print themselves'],
  },
  {
    fault: 'the sandbox answers to any name',
    file: 'src/sandbox/server.ts',
    from: 'refuseForeignNames(message);',
    to: '',
    test: ['test/sandbox/server.test.ts', 'another name is refused everywhere'],
  },
  {
    fault: 'the sandbox plants a misspelt fault on any request',
    file: 'src/sandbox/server/faults.ts',
    from: "refuseUnknown(match, MATCH_FIELDS, '/match');",
    to: '',
    test: ['test/sandbox/control.test.ts', 'refuses a field that it does not know'],
  },
  {
    fault: 'the sandbox overwrites what is approved on an order',
    file: 'src/sandbox/orders/order-life.ts',
    from: "requirement.status === 'approved' ? requirement : change(requirement)",
    to: 'change(requirement)',
    test: ['test/sandbox/orders.test.ts', 'what is approved stays, also when it is attached again'],
  },
  {
    fault: 'an imported group gets an order that may be for another',
    file: 'src/import/orders.ts',
    from: 'carriers.length === 1 && UUID',
    to: 'carriers.length >= 1 && UUID',
    test: ['test/import/orders.test.ts', 'get none of the orders that hold them, and all of them say so'],
  },
  {
    fault: 'an imported group gets an order that holds other values',
    file: 'src/import/orders.ts',
    from: '(own.isApproved || equals(own))',
    to: '(!own.isApproved || equals(own))',
    test: ['test/import/orders.test.ts', 'where one of its phone numbers has another: false'],
  },
  {
    fault: 'gc takes a list of requirements that is missing for an empty one',
    file: 'src/telnyx/decode/common.ts',
    from: "row.requireRows('regulatory_requirements'",
    to: "row.rows('regulatory_requirements'",
    test: ['test/cli/gc.test.ts', 'a number of an order has null for its requirements'],
  },
  {
    fault: 'gc does not look again before it deletes',
    file: 'src/apply/collect.ts',
    from: '(await isStillGarbage(one)) ?',
    to: 'true ?',
    test: ['test/cli/gc.test.ts', 'keeps what a group of another scope has come to hold since it was read'],
  },
  {
    fault: 'gc does not ask the orders',
    file: 'src/cli/gc.ts',
    from: 'return findGarbage(desired.scope, { holdings: suspects, heldIds: ordered, readAtMs }, wanted);',
    to: 'return suspects;',
    test: ['test/cli/gc.test.ts', 'keeps an address that stands in an order only'],
  },
  {
    fault: 'a shard prunes',
    file: 'src/cli/session/read-state.ts',
    from: "...(shard === undefined ? [] : (['--shard'] as const)),",
    to: '',
    test: ['test/program/narrowing/shards.test.ts', 'end in exactly the state of one run'],
  },
  {
    fault: 'each shard may delete as many groups as all of them',
    file: 'src/kinds/requirement-group/plan.ts',
    from: 'input.deletesElsewhere ?? 0',
    to: '0',
    test: [
      'test/program/narrowing/shards.test.ts',
      'counts towards the limits what the others are to delete',
    ],
  },
  {
    fault: 'another shard than the reviewed one is applied',
    file: 'src/cli/apply/reviewed-options.ts',
    from: 'Object.keys({ ...planned, ...stated })',
    to: 'Object.keys({ ...planned, shard: undefined }).filter((key) => key !== "shard")',
    test: ['test/program/narrowing/shards.test.ts', 'comes from the plan file'],
  },
  {
    fault: 'a run that is turned away waits for ever',
    file: 'src/telnyx/session.ts',
    from: '>= this.#timing.turnedAwayMs)',
    to: '> Number.POSITIVE_INFINITY)',
    test: ['test/telnyx/pacing.test.ts', 'without one success gives up, for all that it still had to ask'],
  },
  {
    fault: 'runs that share a rate limit give up on each other',
    file: 'src/telnyx/failure.ts',
    from: 'return limited && asked;',
    to: 'return false;',
    test: ['test/telnyx/pacing.test.ts', 'that eight clients share'],
  },
  {
    fault: 'an account without a key takes another one',
    file: 'src/cli/session/api.ts',
    from: 'return terminal.env[keyEnv];',
    to: 'return terminal.env[keyEnv] ?? terminal.env.TELNYX_API_KEY;',
    test: ['test/program/accounts.test.ts', 'that is not set is asked for by its name'],
  },
  {
    fault: 'the configuration sends a key to any server',
    file: 'schemas/config.schema.json',
    from: '"enum": ["https://api.telnyx.com/v2", "https://api.telnyx.eu/v2", "https://api.telnyx.com.au/v2"],',
    to: '',
    test: ['test/program/accounts.test.ts', 'send no key to https://canary.example.com/v2'],
  },
  {
    fault: 'orders that the whole list holds are taken for absent',
    file: 'src/kinds/number-order/find.ts',
    from: "byReference.get(referenceKey(reference) ?? '') ?? []",
    to: '[]',
    test: [
      'test/program/orders/many-number-orders.test.ts',
      'are found in the list of all, where that takes fewer requests',
    ],
  },
  // What SECURITY.md promises, and what ARCHITECTURE.md calls an invariant, as far as it is not broken above.
  {
    fault: 'an apply submits a group, and its plan does not show that',
    file: 'src/kinds/values/describe-values.ts',
    from: '    actions,\n    source:',
    to: "    actions: actions.filter((action) => action !== 'submit'),\n    source:",
    test: ['test/properties/exactness.test.ts', 'what is done is what was shown'],
  },
  {
    fault: 'a plan of one scope is authentic in another',
    file: 'src/kinds/values/fingerprint.ts',
    from: 'place.scope, place.baseUrl, ...account',
    to: 'place.baseUrl, ...account',
    test: ['test/plan/exact.test.ts', 'is not authentic under another name of an account, scope or address'],
  },
  {
    fault: 'the wire of a plan lets any method pass',
    file: 'src/http/transport.ts',
    from: "options.access === 'read' && request.method !== 'GET'",
    to: 'false',
    test: ['test/http/transport.test.ts', 'a wire opened for reading'],
  },
  {
    fault: 'a private value prints itself as JSON',
    file: 'src/model/privacy/sensitive.ts',
    from: '  toJSON(): string {\n    return PLACEHOLDER;',
    to: '  toJSON(): string {\n    return this.#text;',
    test: ['test/model/privacy/sensitive.test.ts', 'does not show itself through'],
  },
  {
    fault: 'every upload of the same bytes is a difference',
    file: 'src/kinds/values/normal-form.ts',
    from: 'return document !== undefined && isDocumentOf(document, content.document.sha256);',
    to: "return document !== undefined && digestOf(document) === '';",
    test: [
      'test/plan/plan.test.ts',
      'a document is its content: another id with the same bytes is no difference',
    ],
  },
  {
    fault: 'the marker of one pull request counts in another',
    file: 'src/forge/marker.ts',
    from: "sign(['regsync marker', kind, repository, pull, scope,",
    to: "sign(['regsync marker', kind, repository, scope,",
    test: ['test/forge/marker.test.ts', 'counts for one repository, one pull request and one key'],
  },
  {
    fault: 'a refused key hides that an earlier attempt may have written',
    file: 'src/telnyx/session.ts',
    from: "const lost = failures.findLast(({ processed }) => processed === 'perhaps');",
    to: 'const lost = undefined as Failure | undefined;',
    test: [
      'test/program/exit-codes.test.ts',
      'by an attempt before the one that is refused: 4, and it says so',
    ],
  },
  {
    fault: 'an editor obeys what the API says of a requirement',
    file: 'src/render/template.ts',
    from: ".replace(/yaml-language-server/giu, 'yaml language server')",
    to: '',
    test: ['test/render/template.test.ts', 'it stands in comments of at most 100 columns'],
  },
  {
    fault: 'init and new do not look whether a file is there',
    file: 'src/files/new-files.ts',
    from: '    if (await isTaken(root, path)) {',
    to: '    if (false) {',
    test: ['test/files/new-files.test.ts', 'replace nothing that is there, and come all or not at all'],
  },
  {
    fault: 'init and new overwrite what came after their look',
    file: 'src/files/create.ts',
    from: "open(path, 'wx', mode)",
    to: "open(path, 'w', mode)",
    test: ['test/files/new-files.test.ts', 'do not replace one that came after the look'],
  },
  {
    fault: 'a value that is held stops the run once a rule is tightened',
    file: 'src/catalogue/check-content.ts',
    from: '...(isHeld ? tolerated(finding) : finding)',
    to: '...finding',
    test: ['test/catalogue/bind.test.ts', 'does not stop a run over a value that the group holds already'],
  },
  {
    fault: 'swapped ciphertexts are found only in the middle of an apply',
    file: 'src/cli/apply/encrypted-uploads.ts',
    from: '=== document.sha256 ? null : SWAPPED',
    to: '=== document.sha256 ? null : null',
    test: ['test/security/encryption.test.ts', 'two encrypted files in the place of each other are refused'],
  },
  {
    fault: 'a document that changed since the plan is uploaded',
    file: 'src/kinds/document/upload.ts',
    from: "if (hash('sha256', bytes) !== document.sha256) {",
    to: 'if (false) {',
    test: ['test/kinds/writing/upload.test.ts', 'is not uploaded'],
  },
  {
    fault: 'the failure of one group ends the run',
    file: 'src/apply/apply.ts',
    from: '    run.keyRefused ??= findRefusedKey(error);',
    to: '    throw error;',
    test: ['test/program/exit-codes.test.ts', 'names the error as the API gave it, and the others go on'],
  },
  {
    fault: 'characters that act on a terminal are printed as they are',
    file: 'src/model/text/visible.ts',
    from: '  return text.replace(INVISIBLE, (character) => {',
    to: '  return text.replace(/\\u{e000}/gu, (character) => {',
    test: ['test/security/hostile-input.test.ts', 'in what a reviewer writes are shown as text'],
  },
  {
    fault: 'backticks in a foreign text end its code in Markdown',
    file: 'src/render/markdown/markdown.ts',
    from: "const ticks = '`'.repeat(longestRun(text) + 1);",
    to: "const ticks = '`';",
    test: ['test/security/markdown.test.ts', 'any text at all in every field means nothing'],
  },
  {
    fault: 'an import replaces a file that came in between',
    file: 'src/cli/import/stage.ts',
    from: '    await link(from, to);',
    to: '    await rm(to, { force: true });\n    await link(from, to);',
    test: ['test/cli/import/stage.test.ts', 'replace nothing that came to their place meanwhile'],
  },
  {
    fault: 'an import writes manifests with which a plan finds changes',
    file: 'src/import/check.ts',
    from: "for (const change of changes) if (change.kind === 'RequirementGroup') objections.addChange(change);",
    to: '',
    test: ['test/import/check.test.ts', 'is objected to with'],
  },
  {
    fault: 'some names belong to no shard',
    file: 'src/model/shard.ts',
    from: '% total) + 1;',
    to: '% total);',
    test: ['test/model/shard.test.ts', 'is exactly one of those that there are'],
  },
  {
    fault: 'a document that was rejected is found by its reference',
    file: 'src/kinds/document/look-up.ts',
    from: " && status !== 'denied' && scanStatus !== 'infected'",
    to: '',
    test: ['test/observe/look-up.test.ts', 'and in the whole list where'],
  },
  {
    fault: 'a document that a group holds is not looked for beside those of its manifest',
    file: 'src/kinds/reading/look-up.ts',
    from: 'filter((id) => !known.has(id));',
    to: 'filter(() => false);',
    test: ['test/observe/look-up.test.ts', 'are asked for by their ids where a group holds others'],
  },
  {
    fault: 'a group that a look-up does not find is taken for missing',
    file: 'src/kinds/requirement-group/look-up.ts',
    from: 'return match.group !== null || match.rivals !== undefined;',
    to: 'return true;',
    test: ['test/observe/look-up-groups.test.ts', 'decides as the whole list would'],
  },
  {
    fault: 'a manifest takes a group that a manifest outside of the run names by its id',
    file: 'src/kinds/requirement-group/look-up.ts',
    from: ': found.has(group.id.id) || names.has(group.name),',
    to: ': names.has(group.name),',
    test: ['test/observe/look-up-groups.test.ts', 'decides as the whole list would'],
  },
  {
    fault: 'a YAML file may have any number of aliases',
    file: 'src/manifest/yaml/tokenise.ts',
    from: '++aliases > MAX_ALIASES',
    to: '++aliases > 1e9',
    test: ['test/security/hostile-input.test.ts', 'a billion laughs, merge keys and tags are problems'],
  },
  {
    fault: 'a YAML file may have any number of tokens',
    file: 'src/manifest/yaml/tokenise.ts',
    from: 'if (++lexemes > MAX_LEXEMES)',
    to: 'if (++lexemes < 0)',
    test: ['test/security/hostile-input.test.ts', 'files that are too large, or small and laborious'],
  },
  {
    fault: 'an answer is unpacked whatever its size',
    file: 'src/http/transport.ts',
    from: 'return await unzip(bytes, { maxOutputLength: maxBytes });',
    to: 'return await unzip(bytes, {});',
    test: ['test/security/hostile-input.test.ts', 'a gzip_bomb ends at a counted number of bytes'],
  },
  {
    fault: 'the key is sent over plain http',
    file: 'src/telnyx/access.ts',
    from: "if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {",
    to: 'if (false) {',
    test: ['test/security/hostile-input.test.ts', 'over plain http, with a password, or that is none'],
  },
  {
    fault: 'a key file that git could carry is read',
    file: 'src/cli/session/api.ts',
    from: 'if (couldBeCommitted(real, root, terminal.cwd)) {',
    to: 'if (false) {',
    test: ['test/security/hostile-input.test.ts', 'is not taken from a file that git could carry'],
  },
  {
    fault: 'an error of the API repeats what its request holds',
    file: 'src/model/privacy/redactor.ts',
    from: 'return redactParts(this.cover(text), this.#privateTexts(strings));',
    to: 'return this.cover(text);',
    test: ['test/security/hostile-input.test.ts', 'an API that repeats values in an error, in every form'],
  },
  {
    fault: 'foreign text is markup in the report',
    file: 'src/render/html/html.ts',
    from: "if (typeof value === 'string') return escapeHtml(visible(value));",
    to: "if (typeof value === 'string') return visible(value);",
    test: ['test/security/hostile-input.test.ts', 'shows what reviewers and the catalogue say as text'],
  },
  {
    fault: 'a key of plans may be a word',
    file: 'src/cli/session/plan-key.ts',
    from: 'const MIN_PLAN_KEY_LENGTH = 32;',
    to: 'const MIN_PLAN_KEY_LENGTH = 1;',
    test: [
      'test/program/reviewed-plan.test.ts',
      'is refused before anything is asked, by a message that says how to make one',
    ],
  },
  {
    fault: 'a manifest may name any environment variable',
    file: 'schemas/manifest.schema.json',
    from: '"pattern": "^REGSYNC_VAR_[A-Z0-9_]+$"',
    to: '"pattern": "^[A-Z0-9_]+$"',
    test: ['test/security/hostile-input.test.ts', 'only variables that are made for it can be named'],
  },
  {
    fault: 'a comment is ours whoever wrote it',
    file: 'src/forge/sticky.ts',
    from: 'genuine.filter(({ author }) => author === login)',
    to: 'genuine',
    test: ['test/security/comment-spoofing.test.ts', 'Comment spoofing'],
  },
  {
    fault: 'a merge request counts that was merged into another branch',
    file: 'src/gitlab/find-merged.ts',
    from: "entry.at('target_branch').text === branch &&",
    to: '',
    test: ['test/program/gitlab/conversation.test.ts', 'a merge into another branch'],
  },
  {
    fault: 'a pipeline with secrets plans what a fork proposes',
    file: 'src/cli/ci/gitlab.ts',
    from: 'if (request.isFork) return validateFork(run, options);',
    to: '',
    test: ['test/program/gitlab/trouble.test.ts', 'is only validated though its pipeline has secrets'],
  },
  {
    fault: 'notes of GitLab are read as far as the first page',
    file: 'src/forge/client.ts',
    from: "String(headers['x-next-page'] ?? '') !== '' ||",
    to: '',
    test: ['test/program/gitlab/conversation.test.ts', 'finds its note beyond the first page'],
  },
  {
    fault: 'a reference of the API steers a path',
    file: 'src/import/names.ts',
    from: ".replace(/[^a-z0-9._-]+/g, '-')",
    to: '',
    test: ['test/security/import.test.ts', 'never steer a path, whatever they are'],
  },
  {
    fault: 'characters that do not show stand in an imported manifest as they are',
    file: 'src/import/yaml-text.ts',
    from: "return texts.join('---\\n').replace(UNSHOWN, escapeForYaml);",
    to: "return texts.join('---\\n');",
    test: ['test/security/import.test.ts', 'read back as what they are'],
  },
  {
    fault: 'a message tells the digest of what was decrypted',
    file: 'src/cli/apply/encrypted-uploads.ts',
    from: "return hash('sha256', bytes) === document.sha256 ? null : SWAPPED;",
    to: "const told = hash('sha256', bytes);\n  return told === document.sha256 ? null : new Fault('digest-mismatch', told);",
    test: ['test/security/encryption.test.ts', 'a text that is pointed to as a document needs the digest'],
  },
  {
    fault: 'a missing identity is found only in the middle of an apply',
    file: 'src/cli/apply/encrypted-uploads.ts',
    from: '  if (problems.length === 0) return;\n',
    to: '  if (problems.length < 9) return;\n',
    test: ['test/security/encryption.test.ts', 'that is missing or another is known before the first write'],
  },
  {
    fault: 'an identity that git could carry is read',
    file: 'src/cli/session/identity.ts',
    from: 'if (isInside(root, real)) {',
    to: 'if (false) {',
    test: [
      'test/security/encryption.test.ts',
      'that git could carry is refused, by its own path or through a link',
    ],
  },
  {
    fault: 'a passphrase of an age file is hashed as often as it asks',
    file: 'src/manifest/encryption/ciphertext.ts',
    from: "if (stanzas.some(([type]) => type === 'scrypt')) return PASSPHRASE;",
    to: '',
    test: ['test/security/encryption.test.ts', 'is refused for what it is, and costs little'],
  },
  {
    fault: 'a link hides that a key file is in the repository',
    file: 'src/cli/session/api.ts',
    from: 'real = await realpath(path);',
    to: 'real = path;',
    test: ['test/cli/session/api.test.ts', undefined],
  },
  {
    fault: 'an interrupted apply ends as if it were done',
    file: 'src/cli/apply/report.ts',
    from: '  if (isInterrupted) return EXIT.interrupted;\n',
    to: '',
    test: ['test/cli/apply/report.test.ts', undefined],
  },
  {
    fault: 'an apply that skipped an order ends with 0',
    file: 'src/cli/apply/report.ts',
    from: " || status === 'skipped'",
    to: '',
    test: ['test/cli/apply/report.test.ts', undefined],
  },
  {
    fault: 'encrypt --remove deletes a plaintext that was changed meanwhile',
    file: 'src/cli/encryption/encrypt.ts',
    from: " || hash('sha256', plaintext) !== sha256) continue",
    to: ') continue',
    test: ['test/cli/encryption/encrypt.test.ts', 'the last look tells'],
  },
  {
    fault: 'values are shown in the log of a pipeline',
    file: 'src/cli/plan.ts',
    from: ' && !terminal.env.CI',
    to: '',
    test: ['test/cli/plan.test.ts', undefined],
  },
  {
    fault: 'one declined group is passed over by status --wait',
    file: 'src/cli/status/status.ts',
    from: 'refused.length > 0',
    to: 'refused.length > 1',
    test: ['test/cli/status/status-exit.test.ts', undefined],
  },
  {
    fault: 'one manifest that means a foreign group is passed over',
    file: 'src/cli/session/read-state.ts',
    from: 'refusals.length === 0',
    to: 'refusals.length <= 1',
    test: ['test/cli/session/read-state.test.ts', undefined],
  },
  {
    fault: 'characters that act on a terminal are in JSON as they are',
    file: 'src/render/json.ts',
    from: '.map(escapeInvisible)',
    to: '',
    test: ['test/render/json.test.ts', undefined],
  },
  {
    fault: 'an apply does more to a group than its reviewed plan shows',
    file: 'src/plan/exact.ts',
    from: '    actionDeviation,\n',
    to: '',
    test: ['test/plan/exact.test.ts', 'when it would do more than was shown'],
  },
  {
    fault: 'groups that a manifest could mean are orphans',
    file: 'src/kinds/requirement-group/identity/match.ts',
    from: 'orphans: owned.filter((group) => !claimed.has(group.id))',
    to: 'orphans: owned',
    test: ['test/program/trouble/ownership.test.ts', 'are no orphans: --prune deletes neither of them'],
  },
  {
    fault: 'a plan orders numbers without leave',
    file: 'src/kinds/number-order/plan.ts',
    from: '...(input.gates.allow_orders ? [] : [notAllowed(order)])',
    to: '',
    test: ['test/kinds/number-order/plan.test.ts', 'is closed by its gate alone'],
  },
  {
    fault: 'a run goes on although manifests have problems',
    file: 'src/cli/session/project.ts',
    from: '  if (!hasErrors(problems)) return;\n',
    to: '  if (problems.length < 9) return;\n',
    test: ['test/program/exit-codes.test.ts', 'stops the whole run before any request'],
  },
  {
    fault: 'git is run in a repository, with what that configures',
    file: 'src/manifest/files/checkout.ts',
    from: '  const top = git === null ? null : dirname(git);\n  const unfetched',
    to: "  const top = git === null ? null : dirname(git);\n  try {\n    process.getBuiltinModule('node:child_process').execFileSync('git', ['-C', root, 'status'], { stdio: 'ignore' });\n  } catch {}\n  const unfetched",
    test: [
      'test/manifest/files/checkout.test.ts',
      'is read from the index alone, which runs nothing that a repository may configure',
    ],
  },
  {
    fault: 'the doctor lets git run what a repository configures',
    file: 'src/cli/session/git.ts',
    from: "'-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'",
    to: '',
    test: [
      'test/cli/doctor/doctor.test.ts',
      'is asked about by git, which runs nothing that the repository names',
    ],
  },
  {
    fault: 'an import that encrypts has documents on the disk as they are',
    file: 'src/cli/import/documents.ts',
    from: 'await stage.keepDocument(download.sha256, await seal(bytes))',
    to: "await stage.keepDocument('plain', bytes).then(async () => stage.keepDocument(download.sha256, await seal(bytes)))",
    test: ['test/cli/import/import.test.ts', 'nothing of them is ever on the disk as it is'],
  },
  {
    fault: 'an import believes whatever is served as a document',
    file: 'src/import/download.ts',
    from: '  if (!isTold) {',
    to: '  if (false) {',
    test: ['test/cli/import/import.test.ts', 'stop their group, and no other'],
  },
  {
    fault: 'an edited lock is believed',
    file: 'src/manifest/lock-file.ts',
    from: 'isEdited: digestOf(set) !== entry.digest',
    to: 'isEdited: false',
    test: [
      'test/catalogue/lock.test.ts',
      'every fact is guarded: a line changed by hand shows at its combination',
    ],
  },
  {
    fault: 'an answer is waited for without end',
    file: 'src/http/transport.ts',
    from: 'this.#fail(new ConnectionFault(kind, message)), ms);',
    to: 'this.#fail(new Fault(kind, message)), ms * 1000);',
    test: ['test/telnyx/client.test.ts', 'leaves the outcome of a POST unknown, at once: silence'],
  },
  {
    fault: 'an error shows four letters of a private value',
    file: 'src/model/privacy/redact.ts',
    from: 'if (lengthOf(words) >= SHORTEST_PIECE) last = end;',
    to: 'if (lengthOf(words) > SHORTEST_PIECE) last = end;',
    test: ['test/program/redaction.test.ts', 'shows no piece of four letters or digits'],
  },
  {
    fault: 'a value is replaced within longer words of a comment',
    file: 'src/model/privacy/redact.ts',
    from: '.filter((words) => words.every((word, index) => spans[first + index]?.words === word))',
    to: '.filter((words) => words.every((word, index) => spans[first + index]?.words.includes(word)))',
    test: ['test/model/privacy/redact.test.ts', 'are replaced between word boundaries'],
  },
  {
    fault: 'REGSYNC_PLAN_KEY is passed over',
    file: 'src/cli/session/api.ts',
    from: 'derivePlanKeys(planKey ?? place.apiKey,',
    to: 'derivePlanKeys(place.apiKey,',
    test: ['test/program/exit-codes.test.ts', 'another key than the one that the plan was made with'],
  },
  {
    fault: 'a line of a description leaves its comment',
    file: 'src/render/template.ts',
    from: 'return lines.map((line) =>',
    to: 'return lines.map((line, at) => at > 0 ? line :',
    test: ['test/render/template.test.ts', 'the manifest holds one blank for each and nothing else'],
  },
  {
    fault: 'the short way through YAML reads a truth value as a text',
    file: 'src/manifest/yaml/plain-scalar.ts',
    from: '|~|null|true|false)$/i',
    to: '|~|null|true)$/i',
    test: ['test/properties/plain-yaml.test.ts', 'as the long one does, or nothing, wherever it stands'],
  },
  {
    fault: 'a mapping of YAML has a prototype',
    file: 'src/manifest/yaml/node-reader.ts',
    from: 'const value: Record<string, unknown> = Object.create(null);',
    to: 'const value: Record<string, unknown> = {};',
    test: ['test/manifest/parse.test.ts', 'gives plain data without a prototype'],
  },
  {
    fault: 'the last filter before stdout and stderr is not there',
    file: 'src/cli/shell.ts',
    from: 'stream.write(secrets.cover(text))',
    to: 'stream.write(text)',
    test: ['test/cli/shell.test.ts', 'removes a key as it is'],
  },
  {
    fault: 'what stands for a value is a digest without a key',
    file: 'src/kinds/values/fingerprint.ts',
    from: "createHmac('sha256', key)",
    to: "createHmac('sha256', '')",
    test: ['test/plan/describe.test.ts', 'moves with the key and with the API that it is for'],
  },
  {
    fault: 'a line of a reviewer is a command for the runner',
    file: 'src/render/annotations.ts',
    from: "text.replace(COMMAND, '$1 ').replace(OLD_COMMAND, '# ')",
    to: 'text',
    test: ['test/security/log-commands.test.ts', 'in a log is no command any more'],
  },
  {
    fault: 'numbers of another country than the group are ordered',
    file: 'src/model/text/calling-codes.ts',
    from: 'found !== null && !found.countries.includes(countryCode)',
    to: 'found === null && countryCode === null',
    test: [
      'test/program/orders/orders-in-sight.test.ts',
      'is found by validate where the numbers alone show it',
    ],
  },
  {
    fault: 'a document that does not exist is noticed in the apply alone',
    file: 'src/kinds/reading/absent-contents.ts',
    from: 'documents.missing.map(absentDocument)',
    to: '[]',
    test: [
      'test/program/orders/orders-in-sight.test.ts',
      'is found by plan where a document or an address does not exist',
    ],
  },
  {
    fault: 'a masked PIN differs for ever',
    file: 'src/model/orders/porting-form.ts',
    from: 'return held.equals(wanted) || mayStandFor(maskOf(path, observed), wanted);',
    to: 'return held.equals(wanted);',
    test: ['test/program/orders/porting-orders.test.ts', 'with a PIN that Telnyx masks is written once'],
  },
  {
    fault: 'an order with a group under review is said to be activated at once',
    file: 'src/kinds/number-order/plan-activation.ts',
    from: "return status === 'approved' ? null",
    to: "return status !== 'declined' ? null",
    test: ['test/program/orders/orders-in-sight.test.ts', 'follows its group to approval'],
  },
  {
    fault: 'a wait ends while an order is under way',
    file: 'src/cli/status/awaited.ts',
    from: "isPending: standing === 'under-way'",
    to: "isPending: standing === 'failed'",
    test: [
      'test/program/orders/orders-in-sight.test.ts',
      'waits for groups and for orders, and says each change',
    ],
  },
  {
    fault: 'a plan of a change leaves out the groups that refer to what it changes',
    file: 'src/resolve/related.ts',
    from: '(line) => isMeaning(line) || (isMeant(line) && !isReferenceLine(line))',
    to: '(line) => isMeant(line) && !isReferenceLine(line)',
    test: ['test/resolve/related.test.ts', 'are all that refer to a changed one'],
  },
  {
    fault: 'a plan of a change does not see who refers to a file that differs',
    file: 'src/resolve/related.ts',
    from: "reading.seek('meaning', isInstalled(path) ? INSTALLED : posix.basename(path))",
    to: "reading.seek('meant', isInstalled(path) ? INSTALLED : posix.basename(path))",
    test: ['test/resolve/related.test.ts', 'are those that name a file that differs'],
  },
  {
    fault: 'a name that the change takes away is not looked for',
    file: 'src/resolve/related.ts',
    from: 'then.has(form) && here.has(form) ? [] : [manifest]',
    to: '!then.has(form) ? [manifest] : []',
    test: ['test/resolve/related.test.ts', 'are those that refer to a name that the change takes away'],
  },
  {
    fault: 'a manifest to which the change leaves no reference is not called unused',
    file: 'src/resolve/related.ts',
    from: "for (const name of droppedBetween(before, here)) reading.seek('meaning', name);",
    to: '',
    test: ['test/resolve/related.test.ts', 'are those that no changed manifest refers to any more'],
  },
  {
    fault: 'a plan of a change reads all manifests once its plan file is there',
    file: 'src/cli/change/changed-part.ts',
    from: 'isInside(root, path) && !differing.has(pathFrom(root, path))',
    to: 'isInside(root, path)',
    test: ['test/program/narrowing/part-of-change.test.ts', 'may replace its plan file of before'],
  },
  {
    fault: 'an order of a touched group is left out',
    file: 'src/resolve/related.ts',
    from: 'if (isOrdered(manifest)) this.#isPossible = false;',
    to: '',
    test: ['test/resolve/related.test.ts', 'if an order names a group of the change'],
  },
  {
    fault: 'a name behind an escape is not found',
    file: 'src/resolve/words.ts',
    from: "if (line.includes('\\\\')) return UNCLEAR;",
    to: '',
    test: ['test/resolve/related.test.ts', 'are also those that are written with an escape'],
  },
  {
    fault: 'the words of names are cut at the wrong places',
    file: 'src/resolve/words.ts',
    from: '(text.match(/[\\w.-]+/g) ?? [])',
    to: '[text]',
    test: ['test/resolve/words.test.ts', 'which YAML writes in no other way'],
  },
  {
    fault: 'a group that an unread manifest pins is written',
    file: 'src/cli/change/changed-part.ts',
    from: 'others?.idsElsewhere.has(group.id.toLowerCase()) === false',
    to: 'others !== undefined',
    test: [
      'test/program/narrowing/part-of-change.test.ts',
      'asks for all manifests if one that it did not read pins its group',
    ],
  },
  {
    fault: 'a mistake that the change causes elsewhere is not told',
    file: 'src/cli/change/changed-part.ts',
    from: 'if (hasErrors(project.problems)) return null;',
    to: '',
    test: ['test/program/narrowing/part-of-change.test.ts', 'is refused if a manifest that the change'],
  },
  {
    fault: 'git looks at the file that it is told not to look at',
    file: 'src/forge/base-tree.ts',
    from: '(?:[^H] |H (?:120000|160000) )',
    to: '(?:H (?:120000|160000) )',
    test: ['test/program/narrowing/changed-since.test.ts', 'git does not look at'],
  },
];

const { values, positionals } = parseArgs({
  options: { from: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const wanted = positionals.join(' ');
const faults = FAULTS.map((fault, index) => ({ ...fault, number: index + 1 })).filter(
  ({ fault, file, test, number }) =>
    number >= Number(values.from) && [fault, file, ...test].join('\n').includes(wanted),
);
if (faults.length === 0) throw new Error(`No fault from number ${values.from} on is about ${wanted}`);

const copy = await mkdtemp(join(tmpdir(), 'regsync-planted-'));
try {
  await copySources();
  await checkPlaces();
  process.exitCode = (await everyTestPasses()) && (await everyFaultIsCaught()) ? 0 : 1;
} finally {
  await rm(copy, { recursive: true, force: true });
}

async function copySources() {
  const parts = ['src', 'test', 'scripts', 'schemas', 'groups', 'documents', 'examples', 'package.json'];
  const settings = [
    'regsync.yaml',
    'vitest.config.ts',
    'tsconfig.json',
    'tsconfig.types.json',
    'README.md',
    'SECURITY.md',
  ];
  for (const part of [...parts, ...settings]) {
    await cp(join(root, part), join(copy, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** Before minutes go by: each fault has its place in the sources, and only one. */
async function checkPlaces() {
  const places = await Promise.all(
    faults.map(async ({ file, from }) => (await readFile(join(copy, file), 'utf8')).split(from).length - 1),
  );
  const misplaced = faults.filter((_, index) => places[index] !== 1);
  if (misplaced.length === 0) return;
  const lines = misplaced.map(({ file, from }) => `${file} does not hold exactly once: ${from}`);
  throw new Error(lines.join('\n'));
}

async function everyTestPasses() {
  await build();
  const titled = faults.filter(({ test: [, title] }) => title !== undefined);
  const whole = faults.filter(({ test: [, title] }) => title === undefined);
  const results = [];
  for (const some of [titled, whole].filter(({ length }) => length > 0)) {
    const files = [...new Set(some.map(({ test: [file] }) => file))];
    results.push(
      ...(await runTests(
        files,
        some.map(({ test: [, title = ''] }) => title),
      )),
    );
  }
  const failed = results.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of failed)
    console.log(`fails without any fault: ${fullName}\n${failureMessages.join('\n')}`);
  return results.length > 0 && failed.length === 0;
}

async function everyFaultIsCaught() {
  let caught = 0;
  for (const {
    number,
    fault,
    file,
    from,
    to,
    test: [testFile, title = ''],
  } of faults) {
    const source = await readFile(join(copy, file), 'utf8');
    await writeFile(
      join(copy, file),
      source.replace(from, () => to),
    );
    await build();
    const results = await runTests([testFile], [title]);
    await writeFile(join(copy, file), source);
    const failed = results.find(({ status }) => status === 'failed');
    if (failed !== undefined) caught += 1;
    const verdict = failed === undefined ? 'NOT CAUGHT' : `caught by "${failed.fullName}" (${testFile})`;
    console.log(`${String(number).padStart(3)}. ${fault} (${file}): ${verdict}`);
  }
  console.log(`\n${caught} of ${faults.length} planted faults were caught.`);
  return caught === faults.length;
}

/** Commands are tested as users run them: as the bundle. */
async function build() {
  const { code, output } = await run([join(copy, 'scripts/build.mjs')]);
  if (code !== 0) throw new Error(`The build failed: ${output}`);
}

/** @returns the tests whose title holds one of `titles`. */
async function runTests(files, titles) {
  const report = join(copy, 'report.json');
  const pattern = titles.map((title) => title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { output } = await run([
    vitest,
    'run',
    ...files,
    '-t',
    pattern,
    '--reporter=json',
    `--outputFile=${report}`,
  ]);
  const { testResults } = JSON.parse(
    await readFile(report, 'utf8').catch(() => {
      throw new Error(`No tests ran: ${output}`);
    }),
  );
  await rm(report);
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
}

function run(args) {
  return new Promise((resolved) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => resolved({ code, output }));
  });
}
