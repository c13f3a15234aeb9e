"""Brings what was judged before to the new tables: whose turn it is, quota days by queue, and everything counted."""

from django.db import migrations

_TURNS = """
UPDATE reviews_slot s SET family_id = s.item_id, turn_at = i.created_at - s.priority * interval '1 day'
  FROM reviews_reviewitem i WHERE i.id = s.item_id;
UPDATE reviews_reviewitem i SET resolved_at = o.at
  FROM (SELECT item_id, max(created_at) AS at FROM reviews_outcome GROUP BY item_id) o
 WHERE o.item_id = i.id AND i.state = 'resolved';
"""
_QUOTAS = """
INSERT INTO reviews_quotaday (reviewer_id, queue_id, day, used)
SELECT d.reviewer_id, s.queue_id, d.day, sum(s.images)
  FROM reviews_slot s JOIN reviews_quotaday d ON d.id = s.quota_day_id GROUP BY 1, 2, 3;
UPDATE reviews_slot s SET quota_day_id = n.id
  FROM reviews_quotaday d, reviews_quotaday n
 WHERE d.id = s.quota_day_id AND n.reviewer_id = d.reviewer_id AND n.day = d.day AND n.queue_id = s.queue_id;
DELETE FROM reviews_quotaday WHERE queue_id IS NULL;
INSERT INTO reviews_quota (team_id, reviewer_id, variant, period, unit, is_shared, cap, carries_over, created_at)
SELECT m.team_id, r.reviewer_id, '', 'day', 'images', false, r.daily_images, false, now()
  FROM reviews_reviewerquota r JOIN accounts_membership m ON m.user_id = r.reviewer_id;
"""
_COUNTS = """
INSERT INTO reviews_queuetally (queue_id, state, slots, images)
SELECT queue_id, state, count(*), sum(images) FROM reviews_slot GROUP BY 1, 2;
INSERT INTO reviews_arrivalday (queue_id, day, items, slots, images)
SELECT s.queue_id, (i.created_at AT TIME ZONE t.time_zone)::date, count(DISTINCT i.id), count(*), sum(s.images)
  FROM reviews_slot s JOIN reviews_reviewitem i ON i.id = s.item_id JOIN reviews_queue q ON q.id = s.queue_id
  JOIN accounts_team t ON t.id = q.team_id GROUP BY 1, 2;
INSERT INTO reviews_workday (reviewer_id, queue_id, day, decisions, undone, unjudged, images, approved, rejected,
                             active_ms)
SELECT d.reviewer_id, s.queue_id, (d.created_at AT TIME ZONE t.time_zone)::date, count(*), count(r.id),
       count(*) FILTER (WHERE d.kind <> 'judged' AND r.id IS NULL),
       COALESCE(sum(v.images) FILTER (WHERE r.id IS NULL), 0),
       COALESCE(sum(v.approved) FILTER (WHERE r.id IS NULL), 0),
       COALESCE(sum(v.images - v.approved) FILTER (WHERE r.id IS NULL), 0), sum(d.active_ms)
  FROM reviews_decision d JOIN reviews_slot s ON s.id = d.slot_id JOIN reviews_queue q ON q.id = s.queue_id
  JOIN accounts_team t ON t.id = q.team_id LEFT JOIN reviews_retraction r ON r.decision_id = d.id
  LEFT JOIN LATERAL (SELECT count(*) AS images, count(*) FILTER (WHERE v.approved) AS approved
                       FROM reviews_verdict v WHERE v.decision_id = d.id) v ON true
 GROUP BY 1, 2, 3;
"""
# An update of an outcome is not counted, so the agreement of what was resolved before is counted here.
_AGREEMENT = """
UPDATE reviews_outcome o SET votes = v.votes, approvals = v.approvals
  FROM (SELECT s.item_id, v.candidate_id, count(*) AS votes, count(*) FILTER (WHERE v.approved) AS approvals
          FROM reviews_verdict v JOIN reviews_decision d ON d.id = v.decision_id JOIN reviews_slot s ON s.id = d.slot_id
          LEFT JOIN reviews_retraction r ON r.decision_id = d.id WHERE r.id IS NULL GROUP BY 1, 2) v
 WHERE v.item_id = o.item_id AND v.candidate_id = o.candidate_id;
INSERT INTO reviews_agreementday (queue_id, day, votes, approvals, candidates)
SELECT i.queue_id, (o.created_at AT TIME ZONE t.time_zone)::date, o.votes, o.approvals, count(*)
  FROM reviews_outcome o JOIN reviews_reviewitem i ON i.id = o.item_id JOIN reviews_queue q ON q.id = i.queue_id
  JOIN accounts_team t ON t.id = q.team_id WHERE o.votes > 1 GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_the_floor")]

    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop) for statements in (_TURNS, _QUOTAS, _COUNTS, _AGREEMENT)
    ]
