{{ config(materialized='table') }}
select c.customer_id, c.name, c.city, count(o.order_id) as orders, sum(o.amount) as amount
from {{ ref('raw_customers') }} c
left join {{ ref('stg_orders') }} o on o.customer_id = c.customer_id
group by c.customer_id, c.name, c.city
